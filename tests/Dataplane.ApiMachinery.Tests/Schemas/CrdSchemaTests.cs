using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests.Schemas;

public class CrdSchemaTests
{
    private static readonly ApiType Type = CrdSchema.Read("com.example.v1.Tab", Object("""
        {"type": "object", "required": ["spec"], "description": "A tab.", "properties": {
          "metadata": {"type": "object"},
          "spec": {"type": "object", "properties": {
            "replicas": {"type": "integer", "format": "int32", "default": 2},
            "port": {"x-kubernetes-int-or-string": true},
            "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "template": {"type": "object", "x-kubernetes-embedded-resource": true,
              "x-kubernetes-preserve-unknown-fields": true},
            "matrix": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            "rules": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
              "items": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string"}, "protocol": {"type": "string", "default": "TCP"}}}},
            "owner": {"type": "object", "x-kubernetes-map-type": "atomic", "properties": {"name": {"type": "string"}}}
          }}}}
        """));

    private static readonly ApiType Spec = Type.Find("spec")!.Type!();

    [Fact]
    public void Fields_have_their_shapes_and_rules()
    {
        Assert.Equal("A tab.", Type.Description);
        Assert.Equal(["apiVersion", "kind", "metadata", "spec"], Type.Fields.Select(f => f.Name));
        Assert.True(Type.Find("spec")!.IsRequired);
        Assert.Same(SchemaSet.BuiltIn.ObjectMeta, Type.Find("metadata")!.Type!());
        Assert.Equal(ValueShape.IntegerOrText, Spec.Find("port")!.Shape);
        Assert.True(Spec.Find("labels") is { Shape: ValueShape.Text, Count: ValueCount.Map });
        Assert.True(Spec.Find("matrix") is { Shape: ValueShape.Any, Count: ValueCount.List });
        Assert.True(Spec.Find("owner") is { IsAtomic: true });
        var rules = Spec.Find("rules")!;
        Assert.True(rules is { Merge: ListMerge.Map, Shape: ValueShape.Object, Count: ValueCount.List });
        Assert.Equal(["name"], rules.Keys);
        Assert.True(rules.Type!().Find("name")!.IsRequired);
    }

    [Fact]
    public void Unknown_fields_are_kept_where_the_schema_says_so()
    {
        var tab = Object("""
            {"spec": {"free": {"a": {"b": 1}}, "template": {"metadata": {"nam": "x"}, "spec": {}},
             "rules": [{"name": "a", "port": 1}], "more": 1, "matrix": [["a"], ["b"]]}}
            """);
        Assert.Equal(["spec.template.metadata.nam", "spec.rules[0].port", "spec.more"], UnknownFields.Prune(tab, Type));
        Assert.Equal(1, (int)tab["spec"]!["free"]!["a"]!["b"]!);
        Assert.Empty(TypeMismatches.Find(tab, Type));
    }

    [Fact]
    public void A_definition_without_a_schema_keeps_everything()
    {
        var open = CrdSchema.Read("com.example.v1.Open", null);
        Assert.Empty(UnknownFields.Find(Object("""{"anything": {"goes": true}}"""), open));
        Assert.True(CrdSchema.Read("com.example.v1.Tab", [], isOpen: true).KeepsUnknown);
        Assert.False(CrdSchema.Read("com.example.v1.Tab", []).KeepsUnknown);
    }

    [Fact]
    public void Defaults_fill_in_what_is_left_out()
    {
        var tab = Object("""{"spec": {"rules": [{"name": "a"}, {"name": "b", "protocol": "UDP"}], "replicas": null}}""");
        SchemaDefaults.Fill(tab, Type);
        SchemaDefaults.Fill(tab, Type);
        Assert.Equal("""{"rules":[{"name":"a","protocol":"TCP"},{"name":"b","protocol":"UDP"}],"replicas":2}""",
            tab["spec"]!.ToJsonString());
    }

    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;
}
