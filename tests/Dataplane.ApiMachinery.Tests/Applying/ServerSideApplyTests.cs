using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Applying;
using Dataplane.ApiMachinery.Patching;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Tests.Applying;

public class ServerSideApplyTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    private static readonly ApiResource Deployments = SmallTypes.Resource("deployments");

    private static readonly ApiResource ConfigMaps = SmallTypes.Resource("configmaps");

    private const string Header = "\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\"";

    [Fact]
    public void What_is_new_belongs_to_who_applies_it()
    {
        var web = Apply(null, "\"spec\":{\"replicas\":2}", "kubectl");
        Json.AssertEqual("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","managedFields":[
             {"manager":"kubectl","operation":"Apply","apiVersion":"apps/v1","time":"2026-12-01T10:00:00Z",
              "fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:replicas":{}}}}]},"spec":{"replicas":2}}
            """, web);
    }

    [Fact]
    public void A_field_that_is_applied_no_more_goes()
    {
        var first = Apply(null, """
            "metadata":{"name":"web","labels":{"a":"1","b":"1"}},"spec":{"replicas":2,"paused":true,
             "template":{"spec":{"containers":[{"name":"a","image":"a:1"},{"name":"b","image":"b:1"}],"volumes":[{"name":"v"}]}}}
            """);
        var second = Apply(first, """
            "metadata":{"name":"web","labels":{"a":"1"}},"spec":{"replicas":2,
             "template":{"spec":{"containers":[{"name":"a","image":"a:2"}]}}}
            """);
        Json.AssertEqual("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"a":"1"}},
             "spec":{"replicas":2,"template":{"spec":{"containers":[{"name":"a","image":"a:2"}]}}}}
            """, ManagedFields.Unmanaged(second));
    }

    [Fact]
    public void What_another_manager_wants_too_stays()
    {
        var one = Apply(null, "\"spec\":{\"replicas\":2,\"paused\":true}", "a");
        var both = Apply(one, "\"spec\":{\"replicas\":2}", "b");
        var left = Apply(both, "\"spec\":{}", "a");
        Json.AssertEqual("""{"replicas":2}""", left["spec"]);
    }

    [Fact]
    public void Defaults_of_a_removed_item_go_with_it()
    {
        var live = Apply(null, """
            "spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"b","ports":[{"containerPort":80}]}]}}}
            """);
        var defaulted = MergePatch.Apply(live, Json.Object("""
            {"spec":{"strategy":{"type":"RollingUpdate"},"template":{"spec":{"containers":[{"name":"a","args":["x"]},
             {"name":"b","args":["x"],"ports":[{"containerPort":80,"protocol":"TCP"}]}]}}}}
            """));
        var same = Apply(defaulted, """
            "spec":{"template":{"spec":{"containers":[{"name":"b","ports":[{"containerPort":80}]}]}}}
            """);
        Json.AssertEqual("""
            {"strategy":{"type":"RollingUpdate"},"template":{"spec":{"containers":[
             {"name":"b","args":["x"],"ports":[{"containerPort":80,"protocol":"TCP"}]}]}}}
            """, same["spec"]);
    }

    [Fact]
    public void A_mapping_of_which_nothing_is_wanted_any_more_goes_with_its_defaults()
    {
        var live = Apply(null, "\"spec\":{\"replicas\":1,\"strategy\":{\"rollingUpdate\":{\"maxSurge\":1}}}");
        live["spec"]!["strategy"]!["type"] = "RollingUpdate";
        Json.AssertEqual("""{"replicas":1}""", Apply(live, "\"spec\":{\"replicas\":1}")["spec"]);
    }

    [Fact]
    public void A_field_of_another_manager_is_a_conflict()
    {
        var live = Created("kubectl-client-side-apply", "\"spec\":{\"replicas\":2,\"paused\":true}");
        var refusal = Json.AssertRefused(409, () => Apply(live, "\"spec\":{\"replicas\":3}"));
        Assert.Equal("Apply failed with 1 conflict: conflict with \"kubectl-client-side-apply\" using apps/v1: "
            + ".spec.replicas", refusal.Message);
        Assert.Equal([new StatusCause("FieldManagerConflict",
            "conflict with \"kubectl-client-side-apply\" using apps/v1", ".spec.replicas")], refusal.Causes);
    }

    [Fact]
    public void Several_conflicts_are_told_by_manager()
    {
        var live = Apply(Created("u", "\"spec\":{\"replicas\":2,\"paused\":true}"),
            "\"metadata\":{\"name\":\"web\",\"labels\":{\"a\":\"1\"}}", "b");
        Assert.Equal(
            """
            Apply failed with 3 conflicts: conflicts with "b":
            - .metadata.labels.a
            conflicts with "u" using apps/v1:
            - .spec.paused
            - .spec.replicas
            """,
            Json.AssertRefused(409, () => Apply(live, """
                "metadata":{"name":"web","labels":{"a":"2"}},"spec":{"replicas":3,"paused":false}
                """)).Message);
    }

    [Fact]
    public void Force_takes_the_field()
    {
        var live = Created("u", "\"spec\":{\"replicas\":2,\"paused\":true}");
        var taken = Apply(live, "\"spec\":{\"replicas\":3}", "k", force: true);
        Assert.Equal(3, (int)taken["spec"]!["replicas"]!);
        Json.AssertEqual("""{"f:spec":{"f:replicas":{}}}""", Fields(taken, "k"));
        Json.AssertEqual("""{"f:spec":{"f:paused":{}}}""", Fields(taken, "u"));
    }

    [Fact]
    public void A_mapping_that_is_emptied_goes()
    {
        var live = Created("u", "\"metadata\":{\"name\":\"web\",\"labels\":{\"a\":\"1\"}}");
        var taken = Apply(live, "\"metadata\":{\"name\":\"web\",\"labels\":{\"a\":\"2\"}}", "k", force: true);
        Json.AssertEqual("""{"f:metadata":{"f:labels":{}}}""", Fields(taken, "u"));
        Assert.Null(Apply(taken, "\"metadata\":{\"name\":\"web\"}")["metadata"]!["labels"]);
    }

    [Fact]
    public void The_same_value_is_shared()
    {
        var shared = Apply(Created("u", "\"spec\":{\"replicas\":2}"), "\"spec\":{\"replicas\":2}", "k");
        Json.AssertEqual("""{"f:spec":{"f:replicas":{}}}""", Fields(shared, "k"));
        Json.AssertEqual("""{"f:spec":{"f:replicas":{}}}""", Fields(shared, "u"));
    }

    [Fact]
    public void An_object_without_managers_is_that_of_one_before()
    {
        var live = Whole("\"spec\":{\"replicas\":2}");
        var refusal = Json.AssertRefused(409, () => Apply(live, "\"spec\":{\"replicas\":3}"));
        Assert.Contains("before-first-apply", refusal.Message, StringComparison.Ordinal);
        Json.AssertEqual("""{"f:spec":{"f:replicas":{}}}""",
            Fields(Apply(live, "\"spec\":{\"replicas\":2}"), "before-first-apply"));
    }

    [Theory]
    [InlineData("a,b,c", "c,a", "b,c,a")]
    [InlineData("a,b,c", "a,n,c", "a,b,n,c")]
    [InlineData("a,b", "n,b", "a,n,b")]
    [InlineData("a,b", "n", "a,b,n")]
    public void Applied_items_keep_their_order_between_the_others(string live, string applied, string expected)
    {
        var old = Created("u", $"\"spec\":{{\"template\":{{\"spec\":{Pod(live)}}}}}");
        var merged = Apply(old, $"\"spec\":{{\"template\":{{\"spec\":{Pod(applied)}}}}}");
        Assert.Equal(expected, string.Join(',',
            merged["spec"]!["template"]!["spec"]!["containers"]!.AsArray().Select(c => (string)c!["name"]!)));
    }

    [Fact]
    public void Sets_merge_and_what_is_atomic_is_replaced()
    {
        var old = Created("u", """
            "metadata":{"name":"web","finalizers":["a"]},"spec":{"selector":{"matchLabels":{"a":"1"}},
             "template":{"spec":{"tolerations":[{"key":"a"}]}}}
            """);
        var merged = Apply(old, """
            "metadata":{"name":"web","finalizers":["b"]},"spec":{"selector":{"matchLabels":{"b":"1"}},
             "template":{"spec":{"tolerations":[{"key":"b"}]}}}
            """, force: true);
        Json.AssertEqual("""["a","b"]""", merged["metadata"]!["finalizers"]);
        Json.AssertEqual("""
            {"selector":{"matchLabels":{"b":"1"}},"template":{"spec":{"tolerations":[{"key":"b"}]}}}
            """, merged["spec"]);
        Assert.Null(Fields(merged, "u")!["f:spec"]);
    }

    [Fact]
    public void Applied_twice_is_applied_once()
    {
        var once = Apply(null, Everything);
        var twice = ServerSideApply.Apply(
            once, Whole(Everything), "k", false, Deployments, SmallTypes.Deployment, Now.AddDays(1));
        Json.AssertEqual(once, twice);
    }

    [Fact]
    public void Applied_and_taken_back_is_what_was_before()
    {
        var before = Apply(null, "\"spec\":{\"replicas\":2}", "a");
        var after = Apply(Apply(before, Everything, "b"), "\"metadata\":{\"name\":\"web\"}", "b");
        Json.AssertEqual(before, after);
    }

    [Fact]
    public void Random_objects_come_and_go() => RandomJson.ForAll((first, second) =>
    {
        var live = ServerSideApply.Apply(null, Named(first), "a", true, ConfigMaps, null, Now);
        var both = ServerSideApply.Apply(live, Named(second), "b", true, ConfigMaps, null, Now);
        var again = ServerSideApply.Apply(both, Named(second), "b", true, ConfigMaps, null, Now.AddDays(1));
        var left = ServerSideApply.Apply(both, Named([]), "b", true, ConfigMaps, null, Now);
        var gone = ServerSideApply.Apply(left, Named([]), "a", true, ConfigMaps, null, Now);
        return JsonNode.DeepEquals(both, again) && JsonNode.DeepEquals(gone, Named([]));
    });

    [Theory]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"image":"i"}]}}}}""",
        ".spec.template.spec.containers: element 0: associative list with keys has an element that omits all key "
        + "fields name")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"name":"a"},{"name":"a"}]}}}}""",
        ".spec.template.spec.containers: duplicate entries for key [name=\"a\"]")]
    [InlineData("""{"metadata":{"managedFields":[]}}""", "metadata.managedFields must be nil")]
    public void What_cannot_be_applied_is_a_bad_request(string applied, string message) => Assert.Equal(message,
        Json.AssertRefused(400, () => ServerSideApply.Apply(
            null, Json.Object(applied), "k", false, Deployments, SmallTypes.Deployment, Now)).Message);

    /// <summary>
    /// As kubectl does before it applies an object on the server that it applied itself before: it writes the managers
    /// anew, by a JSON patch that is for one resourceVersion.
    /// </summary>
    [Fact]
    public void Kubectl_takes_over_what_it_applied_itself()
    {
        var live = Created("kubectl-client-side-apply", "\"spec\":{\"replicas\":2,\"paused\":true}");
        live["metadata"]!["resourceVersion"] = "7";
        var entry = Managed(live)[0]!.DeepClone();
        (entry["manager"], entry["operation"]) = ("kubectl", "Apply");
        var patched = JsonPatch.Apply(live, new JsonArray(
            Json.Object($$"""{"op":"replace","path":"/metadata/managedFields","value":[{{entry.ToJsonString()}}]}"""),
            Json.Object("""{"op":"replace","path":"/metadata/resourceVersion","value":"7"}""")));
        ManagedFields.Update(live, patched, "kubectl", Deployments, SmallTypes.Deployment, Now);
        Assert.Equal("kubectl", (string?)Assert.Single(Managed(patched))!["manager"]);
        var applied = Apply(patched, "\"spec\":{\"replicas\":3}", "kubectl");
        Json.AssertEqual("""{"replicas":3}""", applied["spec"]);
        Assert.Equal("Apply", (string?)Assert.Single(Managed(applied))!["operation"]);
    }

    private const string Everything = """
        "metadata":{"name":"web","labels":{"a":"1"},"finalizers":["f"]},"spec":{"paused":true,
         "selector":{"matchLabels":{"a":"1"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
         "template":{"spec":{"containers":[{"name":"a","ports":[{"containerPort":80},{"containerPort":80,"protocol":"UDP"}],
          "env":[{"name":"X","value":"1"}],"args":["x"]}],"nodeSelector":{"a":"b"},"volumes":[{"name":"v","emptyDir":{}}]}}}
        """;

    private static string Pod(string names) =>
        $"{{\"containers\":[{string.Join(',', names.Split(',').Select(n => $"{{\"name\":\"{n}\"}}"))}]}}";

    private static JsonObject Whole(string parts)
    {
        var isNamed = parts.Contains("\"metadata\"", StringComparison.Ordinal);
        return Json.Object($"{{{Header},{(isNamed ? "" : "\"metadata\":{\"name\":\"web\"},")}{parts}}}");
    }

    private static JsonObject Named(JsonObject parts)
    {
        var obj = Json.Object("""{"apiVersion":"e/v1","kind":"E","metadata":{"name":"e"}}""");
        foreach (var (key, value) in parts)
        {
            obj[key] = value?.DeepClone();
        }
        return obj;
    }

    private static JsonObject Apply(JsonObject? live, string parts, string manager = "k", bool force = false) =>
        ServerSideApply.Apply(live, Whole(parts), manager, force, Deployments, SmallTypes.Deployment, Now);

    private static JsonObject Created(string manager, string parts)
    {
        var obj = Whole(parts);
        ManagedFields.Update(null, obj, manager, Deployments, SmallTypes.Deployment, Now);
        return obj;
    }

    private static JsonArray Managed(JsonObject obj) => obj["metadata"]!["managedFields"]!.AsArray();

    private static JsonNode? Fields(JsonObject obj, string manager) =>
        Managed(obj).FirstOrDefault(e => (string?)e!["manager"] == manager)?["fieldsV1"];
}
