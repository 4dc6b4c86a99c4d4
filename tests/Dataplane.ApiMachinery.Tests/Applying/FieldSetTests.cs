using Dataplane.ApiMachinery.Applying;

namespace Dataplane.ApiMachinery.Tests.Applying;

public class FieldSetTests
{
    private const string Fields = """
        {"f:metadata":{"f:labels":{".":{},"f:app":{}},"f:finalizers":{"v:\"a\"":{}}},
         "f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{}}},"f:list":{"i:0":{}}}}
        """;

    [Fact]
    public void Fields_are_read_and_written_as_they_are() =>
        Json.AssertEqual(Fields, FieldSet.Parse(Json.Object(Fields)).ToJson());

    [Fact]
    public void Paths_are_shown_as_messages_show_them() => Assert.Equal(
        [
            ".metadata.finalizers[=\"a\"]", ".metadata.labels", ".metadata.labels.app",
            ".spec.containers[name=\"web\"]", ".spec.containers[name=\"web\"].image", ".spec.list[0]",
        ],
        FieldSet.Parse(Json.Object(Fields)).Paths().Select(PathElement.Shown));

    [Fact]
    public void Keys_in_another_spelling_are_the_same_item()
    {
        var ours = FieldSet.Parse(Json.Object("""{"f:ports":{"k:{\"port\":80,\"protocol\":\"TCP\"}":{}}}"""));
        var theirs = FieldSet.Parse(Json.Object("""{"f:ports":{"k:{ \"protocol\": \"TCP\", \"port\": 80 }":{}}}"""));
        Assert.True(ours.Difference(theirs).IsEmpty);
    }

    [Theory]
    [InlineData("""{"x":{},"f:a":{}}""")]
    [InlineData("""{"k:[]":{},"f:a":{}}""")]
    [InlineData("""{"k:{":{},"v:":{},"f:a":{}}""")]
    [InlineData("""{"k:{\"a\":1,\"a\":2}":{},"f:a":{}}""")]
    [InlineData("""{"f:b":1,"f:a":{}}""")]
    public void What_is_no_field_is_left_out(string fields) =>
        Json.AssertEqual("""{"f:a":{}}""", FieldSet.Parse(Json.Object(fields)).ToJson());

    [Theory]
    [InlineData("""{"f:a":{},"f:b":{}}""", """{"f:b":{},"f:c":{}}""",
        """{"f:a":{},"f:b":{},"f:c":{}}""", """{"f:b":{}}""", """{"f:a":{}}""")]
    [InlineData("""{"f:a":{".":{},"f:x":{}}}""", """{"f:a":{}}""",
        """{"f:a":{".":{},"f:x":{}}}""", """{"f:a":{}}""", """{"f:a":{"f:x":{}}}""")]
    [InlineData("""{"f:a":{"f:x":{}}}""", """{"f:a":{}}""",
        """{"f:a":{".":{},"f:x":{}}}""", "{}", """{"f:a":{"f:x":{}}}""")]
    public void Sets_are_joined_and_taken_apart(
        string one, string other, string union, string intersection, string difference)
    {
        var (a, b) = (FieldSet.Parse(Json.Object(one)), FieldSet.Parse(Json.Object(other)));
        Json.AssertEqual(union, a.Union(b).ToJson());
        Json.AssertEqual(intersection, a.Intersection(b).ToJson());
        Json.AssertEqual(difference, a.Difference(b).ToJson());
        Assert.Equal(intersection == "{}", a.Intersection(b).IsEmpty);
    }
}
