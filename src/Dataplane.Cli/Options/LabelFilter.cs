using System.CommandLine;

namespace Dataplane.Cli.Options;

/// <summary>
/// The equality form of kubectl's <c>-l</c>: <c>k=v</c>, <c>k!=v</c>, <c>k</c>, <c>!k</c>, separated by commas. All
/// terms must match.
/// </summary>
internal sealed class LabelFilter
{
    private readonly List<(string Key, string? Value, bool Wanted)> _wants = [];

    public static Option<LabelFilter> Option() => new("--selector", "-l")
    {
        HelpName = "K=V",
        Description = "Only objects with these labels: k=v, k!=v, k or !k, separated by commas",
        CustomParser = result =>
        {
            var filter = new LabelFilter();
            foreach (var term in result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries)))
                if (!filter.TryAdd(term)) result.AddError($"--selector {term}: write k=v, k!=v, k or !k");
            return filter;
        },
    };

    public bool Matches(IReadOnlyDictionary<string, string> labels) => _wants.TrueForAll(w =>
        w.Wanted == (labels.TryGetValue(w.Key, out var value) && (w.Value is null || value == w.Value)));

    private bool TryAdd(string term)
    {
        var wanted = true;
        string key;
        string? value = null;
        if (term.StartsWith('!'))
        {
            (key, wanted) = (term[1..], false);
        }
        else if (term.Split("!=") is [var left, var unwanted])
        {
            (key, value, wanted) = (left, unwanted, false);
        }
        else if (term.Replace("==", "=", StringComparison.Ordinal).Split('=') is [var name, .. var rest]
            && rest.Length <= 1)
        {
            (key, value) = (name, rest is [var only] ? only : null);
        }
        else
        {
            return false;
        }
        if (key.Length == 0 || key.AsSpan().ContainsAny(" ()=!")) return false;
        _wants.Add((key, value, wanted));
        return true;
    }
}
