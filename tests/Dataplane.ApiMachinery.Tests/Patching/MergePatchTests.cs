using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Patching;

namespace Dataplane.ApiMachinery.Tests.Patching;

public class MergePatchTests
{
    /// <summary>The examples of RFC 7386, appendix A, whose documents and patches are mappings.</summary>
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [InlineData("""{"a":"b"}""", """{"a":null}""", "{}")]
    [InlineData("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [InlineData("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [InlineData("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [InlineData("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [InlineData("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [InlineData("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [InlineData("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void Mappings_merge_and_null_removes(string live, string patch, string expected) =>
        Json.AssertEqual(expected, MergePatch.Apply(Json.Object(live), JsonNode.Parse(patch)));

    [Fact]
    public void A_patch_that_is_no_mapping_is_a_bad_request() =>
        Json.AssertRefused(400, () => MergePatch.Apply([], new JsonArray()));

    [Fact]
    public void An_object_merged_with_itself_is_itself() =>
        RandomJson.ForAll((a, _) => JsonNode.DeepEquals(a, MergePatch.Apply(a, a)));

    [Fact]
    public void A_patch_applied_twice_is_the_patch_applied_once() => RandomJson.ForAll((live, patch) =>
    {
        var once = MergePatch.Apply(live, patch);
        return JsonNode.DeepEquals(once, MergePatch.Apply(once, patch));
    });

    [Fact]
    public void The_live_object_and_the_patch_stay_as_they_are() => RandomJson.ForAll((live, patch) =>
    {
        var (before, asked) = (live.ToJsonString(), patch.ToJsonString());
        MergePatch.Apply(live, patch)["new"] = 1;
        return live.ToJsonString() == before && patch.ToJsonString() == asked;
    });
}
