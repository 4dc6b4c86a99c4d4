using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>The printer that a CustomResourceDefinition describes by <c>additionalPrinterColumns</c>.</summary>
internal static class CustomPrinter
{
    /// <param name="version">An item of <c>spec.versions</c>. Without columns there is the age.</param>
    public static Printer Of(JsonObject version)
    {
        var given = version.Items("additionalPrinterColumns").ToList();
        if (given.Count == 0)
        {
            given = [new() { ["name"] = "Age", ["type"] = "date", ["jsonPath"] = ".metadata.creationTimestamp" }];
        }
        Column[] columns =
        [
            new("Name", "string", "name", 0),
            .. given.Select(c => new Column(
                c.Text("name"), c.Text("type", "string"), c.Text("format"), (int)c.Number("priority"))),
        ];
        var paths = given.ConvertAll(c => JsonPath.Parse(c.Text("jsonPath")));
        return new Printer(columns, (obj, now) =>
            [obj.Name(), .. paths.Select((path, i) => Cell(path?.Find(obj), columns[i + 1].Type, now))]);
    }

    private static JsonNode? Cell(JsonNode? found, string type, DateTimeOffset now) => (type, found) switch
    {
        (_, null) => null,
        ("date", JsonValue value) => new JsonObject { ["at"] = value.DeepClone() }.Since("at", now),
        ("string", JsonValue value) => value.ToString(),
        ("string", _) => found.ToJsonString(),
        _ => found.DeepClone(),
    };
}
