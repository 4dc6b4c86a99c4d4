using System.Diagnostics.CodeAnalysis;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Policy.Naming;

/// <summary>Labels as users write them: <c>app=x,tier=y</c>.</summary>
public static class LabelText
{
    /// <param name="error">What is wrong, in one sentence.</param>
    public static bool TryParse(
        string text, out IReadOnlyDictionary<string, string> labels, [NotNullWhen(false)] out string? error)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        labels = found;
        error = null;
        foreach (var term in text.Trim().Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries))
        {
            error ??= Add(found, term);
        }
        return error is null;
    }

    /// <returns>What is wrong with the term; null where nothing is.</returns>
    private static string? Add(SortedDictionary<string, string> labels, string term)
    {
        if (term.Split('=') is not [var key, var value])
        {
            return $"\"{term}\" is no label; write k=v, separated by commas";
        }
        if (Names.QualifiedName(key) is { } wrongKey)
        {
            return $"\"{key}\" is not a valid label key: {wrongKey}";
        }
        if (Names.LabelValue(value) is { } wrongValue)
        {
            return $"\"{value}\" is not a valid label value: {wrongValue}";
        }
        return labels.TryAdd(key, value) ? null : $"the label {key} is given twice";
    }
}
