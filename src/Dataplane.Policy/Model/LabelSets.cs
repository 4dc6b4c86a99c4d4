namespace Dataplane.Policy.Model;

/// <summary>Labels compared as a whole.</summary>
internal static class LabelSets
{
    /// <summary>Whether both have the same keys with the same values.</summary>
    public static bool SameLabels(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count
        && one.All(label => other.TryGetValue(label.Key, out var value) && value == label.Value);
}
