using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Applying;
using Dataplane.ApiMachinery.Patching;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Tests.Applying;

public class ManagedFieldsTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    private static readonly ApiResource Deployments = SmallTypes.Resource("deployments");

    private static readonly ApiResource ConfigMaps = SmallTypes.Resource("configmaps");

    private const string Web = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"x","uid":"u","generation":1,
          "labels":{"app":"web"},"creationTimestamp":"2026-12-01T10:00:00Z","resourceVersion":"5"},
         "spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1}},
          "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i",
            "ports":[{"containerPort":80,"protocol":"TCP"}]}],"nodeSelector":{"a":"b"},"tolerations":[{"key":"k"}]}}}}
        """;

    /// <summary>As upstream writes it for the same object.</summary>
    [Fact]
    public void Who_creates_an_object_owns_its_fields()
    {
        var entry = Assert.Single(Managed(Created("kubectl-create")));
        Json.AssertEqual("""
            {"manager":"kubectl-create","operation":"Update","apiVersion":"apps/v1","time":"2026-12-01T10:00:00Z",
             "fieldsType":"FieldsV1","fieldsV1":{
              "f:metadata":{"f:labels":{".":{},"f:app":{}}},
              "f:spec":{"f:replicas":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{}},"f:type":{}},
               "f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{
                "f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:name":{},
                 "f:ports":{".":{},"k:{\"containerPort\":80,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{},"f:protocol":{}}}}},
                "f:nodeSelector":{},"f:tolerations":{}}}}}}
            """, entry);
    }

    [Fact]
    public void Who_changes_a_field_takes_it_from_its_owner()
    {
        var live = Created("a");
        var after = Changed(live, """{"spec":{"replicas":3,"paused":true}}""");
        ManagedFields.Update(live, after, "b", Deployments, SmallTypes.Deployment, Now.AddMinutes(1));
        Assert.Equal(["a", "b"], Managed(after).Select(e => (string)e!["manager"]!));
        Assert.Null(Managed(after)[0]!["fieldsV1"]!["f:spec"]!["f:replicas"]);
        Json.AssertEqual("""{"f:spec":{"f:paused":{},"f:replicas":{}}}""", Managed(after)[1]!["fieldsV1"]);
        Assert.Equal("2026-12-01T10:01:00Z", (string?)Managed(after)[1]!["time"]);
        Assert.Equal("2026-12-01T10:00:00Z", (string?)Managed(after)[0]!["time"]);
    }

    [Fact]
    public void Fields_of_nobody_make_no_entry()
    {
        var live = Created("a");
        var after = Changed(live, """{"metadata":{"resourceVersion":"6","generation":2}}""");
        ManagedFields.Update(live, after, "b", Deployments, SmallTypes.Deployment, Now);
        Json.AssertEqual(Managed(live), Managed(after));
    }

    [Fact]
    public void What_is_removed_belongs_to_nobody()
    {
        var live = Created("a");
        var after = Changed(live, """{"metadata":{"labels":null},"spec":{"replicas":null}}""");
        ManagedFields.Update(live, after, "b", Deployments, SmallTypes.Deployment, Now);
        var left = Assert.Single(Managed(after))!["fieldsV1"]!;
        Assert.Null(left["f:metadata"]);
        Assert.Null(left["f:spec"]!["f:replicas"]);
    }

    [Fact]
    public void A_subresource_is_a_manager_of_its_own()
    {
        var live = Created("a");
        var after = Changed(live, """{"status":{"replicas":2}}""");
        ManagedFields.Update(live, after, "a", Deployments, SmallTypes.Deployment, Now, "status");
        Assert.Equal([null, "status"], Managed(after).Select(e => (string?)e!["subresource"]));
    }

    [Fact]
    public void A_client_may_forget_all_managers()
    {
        var live = Created("a");
        var after = Changed(live, """{"metadata":{"managedFields":[{}]},"spec":{"replicas":3}}""");
        ManagedFields.Update(live, after, "b", Deployments, SmallTypes.Deployment, Now);
        Assert.Null(after["metadata"]!["managedFields"]);
    }

    [Fact]
    public void A_client_that_knows_no_managers_does_not_remove_them()
    {
        var live = Created("a");
        var after = Changed(live, """{"metadata":{"managedFields":null}}""");
        ManagedFields.Update(live, after, "b", Deployments, SmallTypes.Deployment, Now);
        Json.AssertEqual(Managed(live), Managed(after));
    }

    [Fact]
    public void Without_a_type_lists_are_whole()
    {
        var obj = Json.Object("""{"apiVersion":"v1","spec":{"list":[{"name":"a"}],"map":{"k":1}}}""");
        ManagedFields.Update(null, obj, "", ConfigMaps, null, Now);
        Assert.Equal("unknown", (string?)Managed(obj)[0]!["manager"]);
        Json.AssertEqual("""{"f:spec":{".":{},"f:list":{},"f:map":{".":{},"f:k":{}}}}""",
            Managed(obj)[0]!["fieldsV1"]);
    }

    [Fact]
    public void Only_ten_managers_that_update_are_kept_apart()
    {
        var live = Created("creator");
        for (var i = 0; i < 20; i++)
        {
            var after = Changed(live, "{\"metadata\":{\"annotations\":{\"a" + i + "\":\"1\"}}}");
            ManagedFields.Update(live, after, $"m{i:00}", Deployments, SmallTypes.Deployment, Now.AddMinutes(i + 1));
            live = after;
        }
        Assert.Equal(10, Managed(live).Count);
        var old = Managed(live).Single(e => (string?)e!["manager"] == "ancient-changes")!;
        Assert.NotNull(old["fieldsV1"]!["f:metadata"]!["f:annotations"]!["f:a10"]);
        Assert.NotNull(old["fieldsV1"]!["f:spec"]!["f:replicas"]);
        Assert.Null(old["fieldsV1"]!["f:metadata"]!["f:annotations"]!["f:a11"]);
    }

    private static JsonObject Created(string manager)
    {
        var obj = Json.Object(Web);
        ManagedFields.Update(null, obj, manager, Deployments, SmallTypes.Deployment, Now);
        return obj;
    }

    private static JsonObject Changed(JsonObject live, string patch) => MergePatch.Apply(live, Json.Object(patch));

    private static JsonArray Managed(JsonObject obj) => obj["metadata"]!["managedFields"]!.AsArray();
}
