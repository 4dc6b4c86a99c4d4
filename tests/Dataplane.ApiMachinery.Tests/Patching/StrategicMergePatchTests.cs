using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Patching;

namespace Dataplane.ApiMachinery.Tests.Patching;

/// <summary>Parts of a pod template and of metadata, patched.</summary>
public class StrategicMergePatchTests
{
    private const string Containers =
        """[{"name":"a","image":"a:1"},{"name":"b","image":"b:1","args":["x"]},{"name":"c","image":"c:1"}]""";

    [Fact]
    public void Mappings_merge_null_removes_and_scalars_replace()
    {
        var live = """{"metadata":{"name":"w","labels":{"a":"1","b":"2"}},"spec":{"replicas":1,"paused":true}}""";
        var patch = """{"metadata":{"labels":{"a":null,"c":"3","d":null}},"spec":{"replicas":2,"strategy":{"x":null}}}""";
        Json.AssertEqual("""
            {"metadata":{"name":"w","labels":{"b":"2","c":"3"}},
             "spec":{"replicas":2,"paused":true,"strategy":{}}}
            """, Patched(live, patch));
    }

    [Theory]
    [InlineData("""[{"name":"b","image":"b:2"}]""",
        """[{"name":"a","image":"a:1"},{"name":"b","image":"b:2","args":["x"]},{"name":"c","image":"c:1"}]""")]
    [InlineData("""[{"name":"b","args":["y","z"]}]""",
        """[{"name":"a","image":"a:1"},{"name":"b","image":"b:1","args":["y","z"]},{"name":"c","image":"c:1"}]""")]
    [InlineData("""[{"name":"n","image":"n:1","args":null}]""",
        """[{"name":"n","image":"n:1"},{"name":"a","image":"a:1"},{"name":"b","image":"b:1","args":["x"]},{"name":"c","image":"c:1"}]""")]
    [InlineData("""[{"name":"b","$patch":"delete"},{"name":"missing","$patch":"delete"}]""",
        """[{"name":"a","image":"a:1"},{"name":"c","image":"c:1"}]""")]
    [InlineData("""[{"$patch":"replace"},{"name":"n"}]""", """[{"name":"n"}]""")]
    [InlineData("""[{"$patch":"replace","name":"b"}]""", "[]")]
    [InlineData("""[{"name":"b","$patch":"delete"},{"name":"b","image":"new"}]""",
        """[{"name":"a","image":"a:1"},{"name":"b","image":"new"},{"name":"c","image":"c:1"}]""")]
    [InlineData("[]", Containers)]
    [InlineData("null", "null")]
    public void Lists_of_mappings_merge_by_their_key(string patch, string expected) =>
        Json.AssertEqual(expected, PatchedPod($$"""{"containers":{{Containers}}}""", $$"""{"containers":{{patch}}}""")
            ["containers"]);

    [Theory]
    [InlineData("""[{"name":"c"},{"name":"a"}]""", "b,c,a")]
    [InlineData("""[{"name":"c"},{"name":"b"}]""", "a,c,b")]
    [InlineData("""[{"name":"n"},{"name":"b"}]""", "n,a,b,c")]
    [InlineData("""[{"name":"b"},{"name":"n"}]""", "a,b,n,c")]
    public void Items_of_the_patch_keep_its_order_between_those_of_the_object(string patch, string expected) =>
        Assert.Equal(expected, Names(PatchedPod($$"""{"containers":{{Containers}}}""", $$"""{"containers":{{patch}}}""")));

    [Theory]
    [InlineData("""[{"name":"c"},{"name":"b"},{"name":"a"}]""", "null", "c,b,a")]
    [InlineData("""[{"name":"c"},{"name":"a"}]""", "null", "b,c,a")]
    [InlineData("""[{"name":"n"},{"name":"c"},{"name":"a"}]""", """[{"name":"n"}]""", "n,b,c,a")]
    [InlineData("""[{"name":"a"},{"name":"n"}]""", """[{"$patch":"delete","name":"b"},{"name":"n"}]""", "a,c,n")]
    [InlineData("""[{"name":"a"},{"name":"n"},{"name":"c"}]""",
        """[{"name":"n"},{"name":"c","image":"c:2"},{"$patch":"delete","name":"b"}]""", "a,n,c")]
    public void The_patch_gives_the_order_of_a_list(string order, string patch, string expected)
    {
        var items = patch == "null" ? "" : $$""","containers":{{patch}}""";
        Assert.Equal(expected, Names(PatchedPod($$"""{"containers":{{Containers}}}""",
            $$"""{"$setElementOrder/containers":{{order}}{{items}}}""")));
    }

    [Fact]
    public void An_order_makes_no_list_of_its_own() => Json.AssertEqual("{}",
        PatchedPod("{}", """{"$setElementOrder/containers":[{"name":"a"}]}"""));

    [Fact]
    public void Lists_in_items_merge_too() => Json.AssertEqual(
        """[{"name":"a","env":[{"name":"X","value":"2"},{"name":"Z","value":"3"}]}]""",
        PatchedPod(
            """{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"1"}]}]}""",
            """
            {"containers":[{"name":"a","$setElementOrder/env":[{"name":"X"},{"name":"Z"}],
             "env":[{"name":"X","value":"2"},{"name":"Z","value":"3"},{"$patch":"delete","name":"Y"}]}]}
            """)["containers"]);

    [Fact]
    public void A_key_may_be_a_number() => Json.AssertEqual(
        """[{"containerPort":80,"name":"http"},{"containerPort":81,"name":"x"}]""",
        PatchedPod("""{"containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":81,"name":"x"}]}]}""",
            """{"containers":[{"name":"a","ports":[{"containerPort":80,"name":"http"}]}]}""")
            ["containers"]![0]!["ports"]);

    [Theory]
    [InlineData("""{"finalizers":["c","a"]}""", """["c","a","b"]""")]
    [InlineData("""{"$deleteFromPrimitiveList/finalizers":["a","x"]}""", """["b"]""")]
    [InlineData("""{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["c","b"],"finalizers":["c"]}""",
        """["c","b"]""")]
    [InlineData("""{"$setElementOrder/finalizers":["b","a"]}""", """["b","a"]""")]
    public void Lists_of_scalars_merge_as_sets(string patch, string expected) => Json.AssertEqual(expected,
        Patched("""{"metadata":{"finalizers":["a","b"]}}""", $$"""{"metadata":{{patch}}}""")["metadata"]!["finalizers"]);

    [Fact]
    public void Other_lists_are_replaced() => Json.AssertEqual("""{"tolerations":[{"key":"b"}]}""",
        PatchedPod("""{"tolerations":[{"key":"a"}]}""", """{"tolerations":[{"key":"b"}]}"""));

    [Fact]
    public void A_mapping_whose_type_says_so_is_replaced() => Json.AssertEqual("""{"spec":{"whole":{"type":"b"}}}""",
        Patched("""{"spec":{"whole":{"type":"a","rollingUpdate":{}}}}""", """{"spec":{"whole":{"type":"b"}}}"""));

    [Theory]
    [InlineData("""{"$patch":"replace","type":"Recreate","rollingUpdate":null}""", """{"type":"Recreate"}""")]
    [InlineData("""{"$patch":"delete"}""", "{}")]
    [InlineData("""{"$retainKeys":["type"],"type":"Recreate"}""", """{"type":"Recreate"}""")]
    [InlineData("""{"type":"Recreate"}""", """{"type":"Recreate","rollingUpdate":{"maxSurge":1}}""")]
    public void Directives_in_a_mapping_say_what_stays(string patch, string expected) => Json.AssertEqual(expected,
        Patched("""{"spec":{"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}}}}""",
            "{\"spec\":{\"strategy\":" + patch + "}}")["spec"]!["strategy"]);

    [Fact]
    public void The_source_of_a_volume_is_exchanged_by_the_keys_to_retain() => Json.AssertEqual(
        """[{"name":"v","configMap":{"name":"c"}}]""",
        PatchedPod("""{"volumes":[{"name":"v","emptyDir":{}}]}""",
            """{"volumes":[{"name":"v","$retainKeys":["name","configMap"],"configMap":{"name":"c"}}]}""")["volumes"]);

    [Fact]
    public void Directives_of_what_is_new_are_not_kept() => Json.AssertEqual(
        """{"spec":{"strategy":{"type":"Recreate"}}}""",
        Patched("{}", """{"spec":{"$setElementOrder/x":[],"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}"""));

    [Theory]
    [InlineData("""{"spec":{"$patch":"merge"}}""", 422)]
    [InlineData("""{"spec":{"strategy":{"$retainKeys":["type"],"rollingUpdate":{}}}}""", 400)]
    [InlineData("""{"spec":{"strategy":{"$retainKeys":"type"}}}""", 400)]
    [InlineData("""{"metadata":{"$deleteFromPrimitiveList/finalizers":"a"}}""", 400)]
    [InlineData("""{"metadata":{"$setElementOrder/finalizers":"a"}}""", 400)]
    [InlineData("""{"metadata":{"$setElementOrder/finalizers":["b"],"finalizers":["a"]}}""", 422)]
    [InlineData("""{"metadata":{"finalizers":[{"a":1}]}}""", 422)]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"image":"i"}]}}}}""", 422)]
    [InlineData("""{"spec":{"template":{"spec":{"containers":["a"]}}}}""", 422)]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"a","$patch":"merge"}]}}}}""", 422)]
    [InlineData("[]", 400)]
    public void A_patch_that_does_not_fit_is_refused(string patch, int code) => Json.AssertRefused(code, () => Patched(
        """{"metadata":{"finalizers":["a"]},"spec":{"strategy":{},"template":{"spec":{"containers":[{"name":"a"}]}}}}""",
        patch));

    [Fact]
    public void A_custom_resource_has_no_strategic_merge_patch() => Assert.Equal(
        "the body of the request was in an unknown format - accepted media types include: "
            + "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
        Json.AssertRefused(415, () => StrategicMergePatch.Apply([], new JsonObject(), null)).Message);

    [Fact]
    public void An_object_merged_with_itself_is_itself() => RandomJson.ForAll((a, _) =>
        JsonNode.DeepEquals(a, StrategicMergePatch.Apply(a, a, SmallTypes.Deployment)));

    [Fact]
    public void The_live_object_and_the_patch_stay_as_they_are()
    {
        var live = Json.Object("""{"metadata":{"finalizers":["a"],"labels":{"x":"1"}}}""");
        var patch = Json.Object("""{"metadata":{"finalizers":["b"],"labels":{"y":"1"},"annotations":{"z":"1"}}}""");
        var (before, asked) = (live.ToJsonString(), patch.ToJsonString());
        var result = StrategicMergePatch.Apply(live, patch, SmallTypes.Deployment);
        result["metadata"]!["annotations"]!["z"] = "2";
        Assert.Equal((before, asked), (live.ToJsonString(), patch.ToJsonString()));
    }

    private static JsonObject Patched(string live, string patch) =>
        StrategicMergePatch.Apply(Json.Object(live), JsonNode.Parse(patch), SmallTypes.Deployment);

    private static JsonNode PatchedPod(string live, string patch) => Patched(
        "{\"spec\":{\"template\":{\"spec\":" + live + "}}}",
        "{\"spec\":{\"template\":{\"spec\":" + patch + "}}}")["spec"]!["template"]!["spec"]!;

    private static string Names(JsonNode pod) =>
        string.Join(',', pod["containers"]!.AsArray().Select(c => (string)c!["name"]!));
}
