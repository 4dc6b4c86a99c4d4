using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tests.Schemas;

public class SchemaGeneratorTests
{
    private const string File = "src/Dataplane.ApiMachinery/Schemas/schemas.txt";

    /// <summary>
    /// UPDATE_SCHEMAS=swagger.json writes the embedded types anew from Kubernetes' own document, which is too large to
    /// be kept here.
    /// </summary>
    [Fact]
    public void The_embedded_types_are_written_from_the_document()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_SCHEMAS") is { Length: > 0 } document)
        {
            System.IO.File.WriteAllText(SourceTree.Full(File), SchemaGenerator.Read(document).Write());
        }
        Assert.StartsWith("# Written by SchemaGenerator", System.IO.File.ReadAllText(SourceTree.Full(File)));
    }

    [Fact]
    public void A_document_becomes_lines()
    {
        var text = new SchemaGenerator((JsonObject)JsonNode.Parse("""
            {
              "io.k8s.api.policy.v1.Eviction": {
                "required": ["ports"],
                "properties": {
                  "ports": {
                    "type": "array", "items": { "$ref": "#/definitions/io.k8s.api.core.v1.ContainerPort" },
                    "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
                    "x-kubernetes-patch-strategy": "merge,retainKeys", "x-kubernetes-patch-merge-key": "containerPort"
                  },
                  "limits": { "type": "object", "additionalProperties":
                    { "$ref": "#/definitions/io.k8s.apimachinery.pkg.api.resource.Quantity" } },
                  "names": { "type": "array", "items": { "type": "string" }, "x-kubernetes-list-type": "atomic" }
                }
              },
              "io.k8s.api.core.v1.ContainerPort": {
                "x-kubernetes-map-type": "atomic",
                "properties": {
                  "protocol": { "type": "string" }, "containerPort": { "type": "integer", "format": "int32" }
                }
              },
              "io.k8s.api.core.v1.Unused": { "properties": {} }
            }
            """)!).Write();
        Assert.Equal("""
            package core.v1 io.k8s.api.core.v1
            ContainerPort atomic
             containerPort int32
             protocol string default=TCP
            package policy.v1 io.k8s.api.policy.v1
            Eviction
             limits {}quantity
             names []string
             ports! []core.v1.ContainerPort map(containerPort,protocol) merge(containerPort) retainKeys

            """, text[(text.IndexOf('\n') + 1)..]);
    }
}
