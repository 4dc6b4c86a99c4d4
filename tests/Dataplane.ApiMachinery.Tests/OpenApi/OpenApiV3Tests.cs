using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.OpenApi;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.ApiMachinery.Tests.OpenApi;

public class OpenApiV3Tests
{
    private static readonly OpenApiSet Documents = new(ApiResources.BuiltIn, SchemaSet.BuiltIn);

    [Fact]
    public void The_index_leads_to_every_document()
    {
        var paths = Parse(Documents.Index)["paths"]!.AsObject();
        Assert.Equal(ApiResources.BuiltIn.Select(r => r.Root[1..]).Distinct(), paths.Select(p => p.Key));
        foreach (var (root, entry) in paths)
        {
            var document = Documents.Version3("/" + root)!;
            Assert.Equal($"/openapi/v3/{root}?hash={OpenApiSet.HashOf(document)}",
                (string)entry!["serverRelativeURL"]!);
        }
        Assert.Null(Documents.Version3("/apis/none/v1"));
    }

    [Fact]
    public void Every_reference_of_every_document_leads_to_a_schema()
    {
        foreach (var root in ApiResources.BuiltIn.Select(r => r.Root).Distinct())
        {
            var document = Parse(Documents.Version3(root)!);
            var schemas = document["components"]!["schemas"]!.AsObject();
            Assert.All(References(document),
                r => Assert.True(schemas.ContainsKey(r["#/components/schemas/".Length..]), $"{root} refers to {r}"));
        }
    }

    /// <summary>
    /// kubectl from 1.25 on leaves validation to a server whose patch of a kind takes fieldValidation, and plans a dry
    /// run where it takes dryRun.
    /// </summary>
    [Fact]
    public void Every_kind_says_that_the_server_validates_and_runs_dry()
    {
        foreach (var resource in ApiResources.BuiltIn)
        {
            var paths = Parse(Documents.Version3(resource.Root)!)["paths"]!;
            var scope = resource.Kind.Namespaced ? "/namespaces/{namespace}" : "";
            var patch = paths[$"{resource.Root}{scope}/{resource.Kind.Plural}/{{name}}"]!["patch"]!;
            Assert.Equal(Kind(resource), patch["x-kubernetes-group-version-kind"]!.ToJsonString());
            Assert.Equal(["dryRun", "fieldManager", "fieldValidation", "force"],
                patch["parameters"]!.AsArray().Select(p => (string)p!["name"]!));
        }
    }

    [Fact]
    public void A_kind_is_found_by_its_group_version_and_name()
    {
        var schemas = Parse(Documents.Version3("/apis/apps/v1")!)["components"]!["schemas"]!.AsObject();
        Assert.Equal(["io.k8s.api.apps.v1.Deployment"], Of("Deployment"));
        Assert.Equal(["io.k8s.api.apps.v1.DeploymentList"], Of("DeploymentList"));

        IEnumerable<string> Of(string kind) => schemas.Where(s =>
            s.Value!["x-kubernetes-group-version-kind"] is JsonArray kinds && (string)kinds[0]!["kind"]! == kind)
            .Select(s => s.Key);
    }

    [Fact]
    public void A_field_is_written_with_its_rules()
    {
        var schemas = Parse(Documents.Version3("/api/v1")!)["components"]!["schemas"]!;
        var spec = schemas["io.k8s.api.core.v1.PodSpec"]!;
        Assert.Equal("""["containers"]""", spec["required"]!.ToJsonString());
        var containers = spec["properties"]!["containers"]!.AsObject();
        containers.Remove("description");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {
              "type": "array", "items": {"$ref": "#/components/schemas/io.k8s.api.core.v1.Container"},
              "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
              "x-kubernetes-patch-strategy": "merge", "x-kubernetes-patch-merge-key": "name"
            }
            """), containers), containers.ToJsonString());
        Assert.Equal("atomic", (string)spec["properties"]!["nodeSelector"]!["x-kubernetes-map-type"]!);
        var selector = schemas["io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"]!;
        Assert.Equal("atomic", (string)selector["x-kubernetes-map-type"]!);
    }

    [Fact]
    public void The_kind_of_a_custom_resource_is_described_by_its_definition()
    {
        var resource = new ApiResource(
            new ObjectKind("example.com", "v1", "Tab", "tabs", [], Namespaced: true), ["status", "scale"]);
        var type = CrdSchema.Read(CrdSchema.NameOf(resource.Kind), (JsonObject)JsonNode.Parse("""
            {"properties": {"spec": {"type": "object", "description": "What is wanted.",
              "properties": {"size": {"type": "integer"}}}}}
            """)!);
        var bare = resource with { Kind = resource.Kind with { Name = "Bare", Plural = "bares" } };
        var document = Parse(OpenApiV3.Of("/apis/example.com/v1", [.. ApiResources.BuiltIn, resource, bare],
            SchemaSet.BuiltIn.With(resource, type)));
        var schemas = document["components"]!["schemas"]!;
        var spec = schemas["com.example.v1.Tab"]!["properties"]!["spec"]!;
        Assert.Equal("What is wanted.", (string)spec["description"]!);
        Assert.Equal("integer", (string)spec["properties"]!["size"]!["type"]!);
        Assert.NotNull(schemas["com.example.v1.TabList"]);
        Assert.True((bool)schemas["com.example.v1.Bare"]!["x-kubernetes-preserve-unknown-fields"]!);
        Assert.NotNull(document["paths"]!["/apis/example.com/v1/namespaces/{namespace}/tabs/{name}/scale"]);
        Assert.Null(document["paths"]!["/api/v1/namespaces/{namespace}/pods"]);
    }

    internal static JsonNode Parse(byte[] document) => JsonNode.Parse(Encoding.UTF8.GetString(document))!;

    internal static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p =>
            p is { Key: "$ref", Value: JsonValue name } ? [(string)name!] : References(p.Value)),
        JsonArray list => list.SelectMany(References),
        _ => [],
    };

    private static string Kind(ApiResource resource) =>
        new JsonObject
        {
            ["group"] = resource.Kind.Group, ["kind"] = resource.Kind.Name, ["version"] = resource.Kind.Version,
        }.ToJsonString();
}
