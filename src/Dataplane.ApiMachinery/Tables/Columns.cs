using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>The columns of a kind, and its objects as a Table of meta.k8s.io/v1. Immutable.</summary>
public sealed class Columns
{
    private readonly Printer _printer;

    private Columns(Printer printer) => _printer = printer;

    public IReadOnlyList<Column> All => _printer.Columns;

    /// <summary>A kind that has no columns of its own has its name and age.</summary>
    public static Columns Of(ApiResource resource) => new(Printers.Of(resource));

    /// <summary>The columns of a custom kind.</summary>
    /// <param name="version">An item of <c>spec.versions</c> of its CustomResourceDefinition.</param>
    public static Columns OfCustom(JsonObject version) => new(CustomPrinter.Of(version));

    /// <summary>The cells of an object, one for each column; null: nothing to show.</summary>
    /// <param name="now">Ages end then.</param>
    public JsonNode?[] Row(JsonObject obj, DateTimeOffset now) => _printer.Cells(obj, now);

    /// <summary>Objects as a Table.</summary>
    /// <param name="metadata">Of the list, or of the one object.</param>
    /// <param name="includeObject">What stands in a row beside its cells: <c>None</c>, <c>Metadata</c> or
    /// <c>Object</c>. The objects themselves are not changed.</param>
    public JsonObject Table(IEnumerable<JsonObject> objects, JsonObject metadata, string includeObject,
        DateTimeOffset now) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = metadata.DeepClone(),
        ["columnDefinitions"] = new JsonArray([.. All.Select(c => new JsonObject
        {
            ["name"] = c.Name, ["type"] = c.Type, ["format"] = c.Format, ["description"] = "",
            ["priority"] = c.Priority,
        })]),
        ["rows"] = new JsonArray([.. objects.Select(obj => RowObject(obj, includeObject, now))]),
    };

    private JsonObject RowObject(JsonObject obj, string includeObject, DateTimeOffset now)
    {
        // A node that nothing has been read from is copied as text, which is much faster.
        var included = Included(obj, includeObject);
        return new JsonObject { ["cells"] = new JsonArray(Row(obj, now)), ["object"] = included };
    }

    private static JsonObject? Included(JsonObject obj, string includeObject) => includeObject switch
    {
        "None" => null,
        "Object" => (JsonObject)obj.DeepClone(),
        _ => new JsonObject
        {
            ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = obj["metadata"]?.DeepClone(),
        },
    };
}
