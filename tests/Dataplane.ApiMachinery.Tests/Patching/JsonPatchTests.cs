using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Patching;

namespace Dataplane.ApiMachinery.Tests.Patching;

public class JsonPatchTests
{
    private const string Live = """{"a":{"b":[1,2,{"x":1,"y":[1]}],"c/d":"v","~":0,"n":null},"e":{}}""";

    [Theory]
    [InlineData("""[{"op":"add","path":"/e/k","value":9}]""", """{"a":1,"e":{"k":9}}""")]
    [InlineData("""[{"op":"add","path":"/a","value":null}]""", """{"a":null,"e":{}}""")]
    [InlineData("""[{"op":"replace","path":"/a","value":[]}]""", """{"a":[],"e":{}}""")]
    [InlineData("""[{"op":"remove","path":"/e"}]""", """{"a":1}""")]
    [InlineData("""[{"op":"move","from":"/a","path":"/e/k"}]""", """{"e":{"k":1}}""")]
    [InlineData("""[{"op":"copy","from":"/a","path":"/e/k"}]""", """{"a":1,"e":{"k":1}}""")]
    [InlineData("""[{"op":"replace","path":"","value":{"z":1}}]""", """{"z":1}""")]
    [InlineData("""[{"op":"add","path":"/l","value":[]},{"op":"add","path":"/l/-","value":1}]""",
        """{"a":1,"e":{},"l":[1]}""")]
    [InlineData("[]", """{"a":1,"e":{}}""")]
    public void Operations_change_the_object_one_after_another(string patch, string expected) =>
        Json.AssertEqual(expected, Patched("""{"a":1,"e":{}}""", patch));

    [Theory]
    [InlineData("""[{"op":"add","path":"/l/-","value":9}]""", "[1,2,3,9]")]
    [InlineData("""[{"op":"add","path":"/l/3","value":9}]""", "[1,2,3,9]")]
    [InlineData("""[{"op":"add","path":"/l/0","value":9}]""", "[9,1,2,3]")]
    [InlineData("""[{"op":"replace","path":"/l/0","value":9}]""", "[9,2,3]")]
    [InlineData("""[{"op":"remove","path":"/l/1"}]""", "[1,3]")]
    [InlineData("""[{"op":"move","from":"/l/0","path":"/l/2"}]""", "[2,3,1]")]
    [InlineData("""[{"op":"copy","from":"/l/0","path":"/l/2"}]""", "[1,2,1,3]")]
    public void Items_of_lists_are_named_by_their_place(string patch, string expected) =>
        Json.AssertEqual(expected, Patched("""{"l":[1,2,3]}""", patch)["l"]);

    [Theory]
    [InlineData("""[{"op":"test","path":"/a/b/2","value":{"y":[1],"x":1.0}}]""")]
    [InlineData("""[{"op":"test","path":"/a/c~1d","value":"v"},{"op":"test","path":"/a/~0","value":0}]""")]
    [InlineData("""[{"op":"test","path":"/a/n","value":null}]""")]
    [InlineData("""[{"op":"test","path":"/a/missing","value":null}]""")]
    [InlineData("""[{"op":"test","path":"/a/missing"}]""")]
    public void A_test_holds_for_equal_values(string patch) => Json.AssertEqual(Live, Patched(Live, patch));

    [Theory]
    [InlineData("""[{"op":"test","path":"/a/b/0","value":2}]""")]
    [InlineData("""[{"op":"test","path":"/a/missing","value":2}]""")]
    [InlineData("""[{"op":"remove","path":"/a/missing"}]""")]
    [InlineData("""[{"op":"remove","path":""}]""")]
    [InlineData("""[{"op":"replace","path":"/a/missing","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/missing/k","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a/b/4","value":1}]""")]
    [InlineData("""[{"op":"add","path":"/a/b/01","value":1}]""")]
    [InlineData("""[{"op":"replace","path":"/a/b/-","value":1}]""")]
    [InlineData("""[{"op":"remove","path":"/a/b/3"}]""")]
    [InlineData("""[{"op":"add","path":"/a/c~1d/k","value":1}]""")]
    [InlineData("""[{"op":"copy","from":"/missing","path":"/e/k"}]""")]
    [InlineData("""[{"op":"move","from":"/a","path":"/a/b/0"}]""")]
    [InlineData("""[{"op":"replace","path":"","value":[]}]""")]
    public void What_does_not_fit_the_object_is_rejected_as_upstream_does(string patch)
    {
        var refusal = Json.AssertRefused(422, () => Patched(Live, patch));
        Assert.Equal("the server rejected our request due to an error in our request", refusal.Message);
        Assert.Single(refusal.Causes);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""[{"path":"/a"}]""")]
    [InlineData("""[{"op":"remove"}]""")]
    [InlineData("""[{"op":"swap","path":"/a"}]""")]
    [InlineData("""[{"op":"add","path":"/a"}]""")]
    [InlineData("""[{"op":"copy","path":"/a"}]""")]
    [InlineData("""[{"op":"remove","path":"a"}]""")]
    [InlineData("""[{"op":"remove","path":1}]""")]
    public void A_malformed_patch_is_a_bad_request(string patch) =>
        Json.AssertRefused(400, () => Patched(Live, patch));

    [Fact]
    public void Too_many_operations_are_too_large()
    {
        var operation = """{"op":"test","path":"/e","value":{}}""";
        var most = string.Join(',', Enumerable.Repeat(operation, JsonPatch.Operations));
        Json.AssertEqual(Live, Patched(Live, $"[{most}]"));
        Json.AssertRefused(413, () => Patched(Live, $"[{most},{operation}]"));
    }

    [Fact]
    public void Copies_that_double_the_object_are_too_large()
    {
        var copies = string.Join(',', Enumerable.Repeat("""{"op":"copy","from":"/a","path":"/a/-"}""", 40));
        Json.AssertRefused(413, () => Patched("""{"a":[]}""", $"[{copies}]"));
    }

    [Fact]
    public void Copies_that_make_the_object_deep_are_too_large()
    {
        var copies = string.Join(',', Enumerable.Repeat("""{"op":"copy","from":"/a","path":"/a/k"}""", 300));
        Json.AssertRefused(413, () => Patched("""{"a":{}}""", $"[{copies}]"));
    }

    [Fact]
    public void The_live_object_and_the_patch_stay_as_they_are()
    {
        var live = Json.Object(Live);
        var patch = JsonNode.Parse("""[{"op":"add","path":"/e/k","value":{"z":1}},{"op":"remove","path":"/e/k/z"}]""");
        var before = patch!.ToJsonString();
        JsonPatch.Apply(live, patch);
        Json.AssertEqual(Live, live);
        Assert.Equal(before, patch.ToJsonString());
    }

    private static JsonObject Patched(string live, string patch) =>
        JsonPatch.Apply(Json.Object(live), JsonNode.Parse(patch));
}
