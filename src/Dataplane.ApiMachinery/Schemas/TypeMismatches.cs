using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>The values of an object that are not of the type of their field.</summary>
public static class TypeMismatches
{
    private const int MaxShown = 40;

    /// <summary>In the order of the object. A null stands for a field that is left out and fits everywhere.</summary>
    public static IReadOnlyList<StatusCause> Find(JsonObject obj, ApiType type)
    {
        var walk = new Finder();
        walk.Walk(obj, type);
        return walk.Causes;
    }

    private sealed class Finder : FieldWalk
    {
        public List<StatusCause> Causes { get; } = [];

        protected override void FoundUnknown(JsonObject mapping, string key)
        {
        }

        protected override void FoundMismatch(string expected, JsonNode value) =>
            Causes.Add(new StatusCause("FieldValueTypeInvalid", $"must be {expected}, is {Describe(value)}", Path));
    }

    private static string Describe(JsonNode value)
    {
        var text = value.ToJsonString();
        return value.GetValueKind() switch
        {
            JsonValueKind.Object => "a mapping",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => $"the string {Short(text)}",
            JsonValueKind.Number => $"the number {Short(text)}",
            _ => text,
        };
    }

    private static string Short(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "...";
}
