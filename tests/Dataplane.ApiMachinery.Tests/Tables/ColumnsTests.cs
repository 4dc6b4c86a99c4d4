using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Tables;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.ApiMachinery.Tests.Tables;

public class ColumnsTests
{
    private static readonly JsonObject Version = (JsonObject)JsonNode.Parse("""
        {"additionalPrinterColumns": [
          {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
          {"name": "Ready", "type": "string", "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
          {"name": "Host", "type": "string", "priority": 1, "jsonPath": ".spec.hosts[0]"},
          {"name": "Label", "type": "string", "jsonPath": ".metadata.labels.app\\.kubernetes\\.io/name"},
          {"name": "Since", "type": "date", "jsonPath": ".status.at"},
          {"name": "Odd", "type": "string", "jsonPath": "{range .items}"}]}
        """)!;

    [Fact]
    public void Every_kind_has_a_row_even_of_an_empty_object()
    {
        foreach (var resource in ApiResources.BuiltIn)
        {
            var columns = Columns.Of(resource);
            Assert.Equal(columns.All.Count, columns.Row([], Rows.Now).Length);
            Assert.Contains(columns.All, c => c is { Name: "Name", Type: "string", Format: "name" });
        }
    }

    [Fact]
    public void A_custom_kind_has_the_columns_of_its_definition()
    {
        var columns = Columns.OfCustom(Version);
        Assert.Equal(["Name", "Size", "Ready", "Host", "Label", "Since", "Odd"], columns.All.Select(c => c.Name));
        Assert.Equal(1, columns.All[3].Priority);
        Assert.Equal("x|3|True|h|web|2m|null", Rows.Text(columns, Rows.Object("""
            {"metadata": {"labels": {"app.kubernetes.io/name": "web"}}, "spec": {"size": 3, "hosts": ["h", "i"]},
             "status": {"conditions": [{"type": "A", "status": "False"}, {"type": "Ready", "status": "True"}],
                        "at": "2026-03-01T11:58:00Z"}}
            """)));
        Assert.Equal("x|null|null|null|null|null|null", Rows.Text(columns, Rows.Object("{}")));
        Assert.Equal("x|60m", Rows.Text(Columns.OfCustom([]), Rows.Object("{}")));
    }

    [Fact]
    public void A_kind_of_another_group_has_no_columns_of_a_built_in_one()
    {
        var other = new ApiResource(new ObjectKind("example.com", "v1", "Service", "services", [], true), []);
        Assert.Equal(["Name", "Age"], Columns.Of(other).All.Select(c => c.Name));
    }

    [Theory]
    [InlineData("None", "null")]
    [InlineData("Metadata",
        """{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"x"}}""")]
    [InlineData("Object", """{"metadata":{"name":"x"},"data":{"a":"b"}}""")]
    public void A_table_has_rows_with_what_was_asked_for(string includeObject, string included)
    {
        var obj = (JsonObject)JsonNode.Parse("""{"metadata": {"name": "x"}, "data": {"a": "b"}}""")!;
        var table = Rows.Of("configmaps")
            .Table([obj, obj], new() { ["resourceVersion"] = "5" }, includeObject, Rows.Now);
        Assert.Equal(("Table", "meta.k8s.io/v1", "5"),
            ((string?)table["kind"], (string?)table["apiVersion"], (string?)table["metadata"]!["resourceVersion"]));
        Assert.Equal("""{"name":"Data","type":"integer","format":"","description":"","priority":0}""",
            table["columnDefinitions"]![1]!.ToJsonString());
        Assert.Equal("""["x",1,"\u003Cunknown\u003E"]""", table["rows"]![1]!["cells"]!.ToJsonString());
        Assert.Equal(included, table["rows"]![0]!["object"]?.ToJsonString() ?? "null");
    }
}
