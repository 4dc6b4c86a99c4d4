using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Tables;

namespace Dataplane.ApiMachinery.Tests.Tables;

/// <summary>Rows of objects that are an hour old.</summary>
internal static class Rows
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Metadata =
        """{"name": "x", "namespace": "n", "creationTimestamp": "2026-03-01T11:00:00Z"}""";

    /// <param name="group">Null: there is one kind of that plural.</param>
    public static Columns Of(string plural, string? group = null) => Columns.Of(
        ApiResources.BuiltIn.Single(r => r.Kind.Plural == plural && r.Kind.Group == (group ?? r.Kind.Group)));

    /// <summary>The cells, divided by <c>|</c>, of an object without its metadata.</summary>
    public static string Text(string plural, string obj, string? group = null) =>
        Text(Of(plural, group), Object(obj));

    public static string Text(Columns columns, JsonObject obj)
    {
        var row = columns.Row(obj, Now);
        Assert.Equal(columns.All.Count, row.Length);
        return string.Join('|', row.Select(c => c?.ToString() ?? "null"));
    }

    public static JsonObject Object(string json)
    {
        var obj = (JsonObject)JsonNode.Parse(json)!;
        var metadata = (JsonObject)JsonNode.Parse(Metadata)!;
        foreach (var (key, value) in obj["metadata"] as JsonObject ?? [])
        {
            metadata[key] = value?.DeepClone();
        }
        obj["metadata"] = metadata;
        return obj;
    }
}
