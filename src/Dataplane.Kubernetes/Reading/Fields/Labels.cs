using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>Label maps: <c>metadata.labels</c> and <c>matchLabels</c>.</summary>
internal static class Labels
{
    public static IReadOnlyDictionary<string, string> ReadMap(NodeReader at)
    {
        var labels = new List<KeyValuePair<string, string>>();
        foreach (var (key, value, _) in Entries(at))
        {
            labels.Add(new(SharedStrings.Of(key), SharedStrings.Of(value)));
        }
        return LabelMap.Of(labels);
    }

    /// <summary>The valid entries with the place of their keys; the others are reported.</summary>
    public static IEnumerable<(string Key, string Value, SourcePosition Position)> Entries(NodeReader at)
    {
        if (at.Node is not YamlMapping map)
        {
            WrongShapes.NotAMapping(at, "a mapping of labels", null, "write `key: value` pairs under it");
            yield break;
        }
        foreach (var entry in map.Entries)
        {
            var key = at.Child(entry.Key, at.Path);
            var value = at.Child(entry.Value, at.Path.Field(entry.Key.Value));
            var good = CheckKey(key, entry.Key.Value);
            if (CheckedValue(value) is { } text && good)
            {
                yield return (entry.Key.Value, text, key.Position);
            }
        }
    }

    public static bool CheckKey(NodeReader at, string key)
    {
        if (Names.QualifiedName(key) is not { } wrong)
        {
            return true;
        }
        at.Error(Codes.InvalidLabel, $"{Quote.Of(key)} is not a valid label key", wrong);
        return false;
    }

    /// <summary>
    /// The string if it is a valid label value; empty, with a warning, for null; otherwise reported and null.
    /// </summary>
    public static string? CheckedValue(NodeReader at)
    {
        switch (at.Node)
        {
            case YamlScalar { Kind: ScalarKind.Null } nothing:
                at.Bag.Add(new Diagnostic(Codes.ReadDifferently, Severity.Warning,
                    $"{at.Path} is null, which Kubernetes reads as the empty value", at.Position, at.Length,
                    nothing.Value.Length == 0 ? "nothing here" : "null",
                    Help: "write the value, or \"\" for the empty one"));
                return "";
            case YamlScalar { Kind: not ScalarKind.String } scalar:
                at.Error(Codes.InvalidLabel, $"a label value must be a string, and this is {scalar.Describe()}",
                    "not a string",
                    $"{(scalar.Trap is { } trap ? $"{trap}; " : "")}the API server refuses the object",
                    $"put quotes around it: \"{scalar.Value}\"", at.Replaced($"\"{scalar.Value}\""));
                return null;
        }
        if (at.String() is not { } value)
        {
            return null;
        }
        if (Names.LabelValue(value) is { } wrong)
        {
            at.Error(Codes.InvalidLabel, $"{Quote.Of(value)} is not a valid label value", wrong);
            return null;
        }
        return value;
    }
}
