using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>The fields of an object that its type does not have.</summary>
public static class UnknownFields
{
    /// <summary>Their paths, in the order of the object, such as <c>spec.containers[0].prots</c>.</summary>
    public static IReadOnlyList<string> Find(JsonObject obj, ApiType type) => Run(obj, type).Paths;

    /// <summary>Takes them out of the object.</summary>
    /// <returns>Their paths, as <see cref="Find"/> tells them.</returns>
    public static IReadOnlyList<string> Prune(JsonObject obj, ApiType type)
    {
        var walk = Run(obj, type);
        foreach (var (mapping, key) in walk.Places)
        {
            mapping.Remove(key);
        }
        return walk.Paths;
    }

    /// <summary>A message as the API server words it, for a warning or inside an error.</summary>
    public static string Message(string path) => $"unknown field \"{path}\"";

    private static Finder Run(JsonObject obj, ApiType type)
    {
        var walk = new Finder();
        walk.Walk(obj, type);
        return walk;
    }

    private sealed class Finder : FieldWalk
    {
        public List<string> Paths { get; } = [];

        public List<(JsonObject Mapping, string Key)> Places { get; } = [];

        protected override void FoundUnknown(JsonObject mapping, string key)
        {
            Paths.Add(Path);
            Places.Add((mapping, key));
        }

        protected override void FoundMismatch(string expected, JsonNode value)
        {
        }
    }
}
