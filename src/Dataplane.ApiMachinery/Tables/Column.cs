namespace Dataplane.ApiMachinery.Tables;

/// <summary>A column of a Table.</summary>
/// <param name="Type">As OpenAPI has it, such as <c>string</c>, <c>integer</c>, <c>date</c>.</param>
/// <param name="Format">Such as <c>name</c>; empty: none.</param>
/// <param name="Priority">0: always shown; 1: with <c>-o wide</c>.</param>
public sealed record Column(string Name, string Type, string Format, int Priority)
{
    /// <summary>
    /// Columns from their names, divided by <c>|</c>; one ends with <c>#</c> where it holds integers, and with <c>*</c>
    /// where it is shown with <c>-o wide</c> alone.
    /// </summary>
    internal static Column[] Read(string names) => Array.ConvertAll(names.Split('|'), name => new Column(
        name.TrimEnd('*', '#'), name.Contains('#') ? "integer" : "string", name.TrimEnd('*') == "Name" ? "name" : "",
        name.EndsWith('*') ? 1 : 0));
}
