using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>K006 for collections: one shape where the other belongs, with the edit between the two.</summary>
internal static class WrongShapes
{
    /// <param name="wanted">In words, such as <c>a mapping</c>.</param>
    /// <param name="table">The type of the mapping; null for one with free keys.</param>
    /// <param name="help">Where nothing better is known.</param>
    public static void NotAMapping(NodeReader at, string wanted, FieldTable? table, string? help = null)
    {
        var isSelector = table?.Knows("matchLabels") is true;
        var (words, fix) = at.Node switch
        {
            YamlSequence { Items.Count: 0 } when isSelector =>
                ("write `{}` to select ALL, or labels under `matchLabels:`", Bracketed(at, "{}")),
            YamlScalar { Kind: ScalarKind.String, Value: "" } when isSelector =>
                ("write `{}` to select ALL, or labels under `matchLabels:`", at.Replaced("{}")),
            YamlSequence { Items.Count: 0 } when table is null => ("write `{}` for none", Bracketed(at, "{}")),
            YamlSequence list when AreOneMapping(list) => ("this is one mapping: remove "
                + (at.Text.IsFlow(at.Position) ? "the brackets" : list.Items.Count == 1 ? "the `-`" : "each `-`"),
                OneMapping(at, list)),
            YamlScalar { Kind: ScalarKind.String } text when (isSelector || table is null)
                && LabelsOf(text.Value) is { } labels => Labels(at, isSelector ? $"{{matchLabels: {labels}}}" : labels),
            YamlScalar { Kind: ScalarKind.String } when isSelector =>
                ("labels are pairs: `{matchLabels: {app: web}}`", null),
            _ => (help, null),
        };
        at.WrongType(wanted, words, fix);
    }

    public static void NotAList(NodeReader at)
    {
        var (words, fix) = at.Node switch
        {
            YamlMapping { Entries.Count: > 0 } mapping => at.Text.IsFlow(at.Position)
                ? ("put it in brackets: `[{...}]`", Enclosed(at))
                : ("put `- ` in front of the first field, and indent the others by 2 more spaces", Item(at, mapping)),
            YamlScalar { Kind: ScalarKind.String, Value: "" } => ("`[]` is a list without items", null),
            YamlMapping => ("each item of a list has `- ` in front; `[]` is a list without items", null),
            YamlScalar { Kind: ScalarKind.String } text when ItemsOf(text.Value) is { } items =>
                ($"write a list: `{items}`", at.Replaced(items)),
            _ => ((string?)null, (Fix?)null),
        };
        at.WrongType("a list", words, fix);
    }

    private static Fix Bracketed(NodeReader at, string text) =>
        new(new TextEdit(at.Position, at.Text.End(at.Position, inFlow: true), text));

    private static Fix Enclosed(NodeReader at) => new(YamlText.Insert(at.Position, "["),
        YamlText.Insert(at.Text.End(at.Position, inFlow: true), "]"));

    private static Fix? Item(NodeReader at, YamlMapping mapping)
    {
        var last = at.Text.LastLine(at.PlaceOf(mapping.Entries[^1].Key));
        return !at.Text.StartsLine(at.Position) ? null
            : new Fix([YamlText.Insert(at.Position, "- "), .. at.Text.Shift(at.Position.Line + 1, last, 2)]);
    }

    /// <summary>Mappings whose keys differ: what was meant is their union.</summary>
    private static bool AreOneMapping(YamlSequence list) => list.Items.All(i => i is YamlMapping { Entries.Count: > 0 })
        && list.Items.SelectMany(i => ((YamlMapping)i).Entries).Select(e => e.Key.Value).ToHashSet().Count
            == list.Items.Sum(i => ((YamlMapping)i).Entries.Count);

    private static Fix? OneMapping(NodeReader at, YamlSequence list)
    {
        var text = at.Text;
        if (text.IsFlow(at.Position))
        {
            var end = text.End(at.Position, inFlow: true);
            return list.Items.Count > 1 ? null : new Fix(YamlText.Replace(at.Position, 1, ""),
                YamlText.Replace(YamlText.Behind(end, -1), 1, ""));
        }
        var dashes = list.Items.Select(i => text.IsFlow(at.PlaceOf(i)) ? null : text.Dash(at.PlaceOf(i))).ToList();
        if (dashes.Contains(null))
        {
            return null;
        }
        var edits = new List<TextEdit>();
        foreach (var (item, dash) in list.Items.Zip(dashes))
        {
            // The blank makes room: a list may start in the column of the key that it is the value of.
            edits.Add(YamlText.Replace(text.Place(item.Line, dash!.Value), 1, " "));
        }
        return new Fix(edits);
    }

    private static (string? Words, Fix? Fix) Labels(NodeReader at, string mapping) =>
        ($"write the labels as a mapping: `{mapping}`", at.Replaced(mapping));

    /// <summary>Labels as <c>kubectl -l</c> takes them, as a mapping; null where the text is something else.</summary>
    private static string? LabelsOf(string text)
    {
        var pairs = text.Split(',').Select(p => p.Trim().Split('=')).ToList();
        return pairs.TrueForAll(p => p.Length == 2 && p.All(w => w.Length > 0 && YamlText.Word(w.Trim()) == w.Trim()))
            ? $"{{{string.Join(", ", pairs.Select(p => $"{p[0].Trim()}: {p[1].Trim()}"))}}}" : null;
    }

    private static string? ItemsOf(string text)
    {
        var words = text.Split(',').Select(w => w.Trim()).ToList();
        return words.TrueForAll(w => w.Length > 0 && YamlText.Word(w) == w) ? $"[{string.Join(", ", words)}]" : null;
    }
}
