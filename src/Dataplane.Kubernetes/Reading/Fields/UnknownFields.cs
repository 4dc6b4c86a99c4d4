using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>What a reader knows about likely mistakes in its own type.</summary>
/// <param name="Avoid">Fields never to suggest, because the rest of the object speaks against them.</param>
/// <param name="Note">The consequence for traffic if the field (as suggested) were ignored; null for none.</param>
internal sealed record UnknownFieldHints(IReadOnlySet<string> Avoid, Func<string, string?> Note)
{
    public static readonly UnknownFieldHints None = new(new HashSet<string>(), _ => null);
}

/// <summary>Reports fields a type does not have, and tells slips of indentation from slips of spelling.</summary>
internal static class UnknownFields
{
    /// <summary>
    /// Fields of one mapping that are reported one by one. To find out what is meant by each takes time in proportion
    /// to the mapping and its text.
    /// </summary>
    private const int MaxReported = 50;

    public static void Report(MappingReader mapping, UnknownFieldHints hints)
    {
        var (at, table) = (mapping.Self, mapping.Table);
        if ((MisplacedRules.Whole(mapping) ?? BareLabels(mapping)) is { } whole)
        {
            at.Bag.Add(whole);
            return;
        }
        YamlEntry? lastKnown = null;
        var reported = 0;
        foreach (var (index, entry) in mapping.Entries.Index())
        {
            if (table.Knows(entry.Key.Value))
            {
                lastKnown = entry;
                continue;
            }
            if (reported++ == MaxReported || at.Bag.IsFull)
            {
                at.Bag.Add(More(mapping, entry, mapping.Entries.Skip(index).Count(e => !table.Knows(e.Key.Value))));
                return;
            }
            at.Bag.Add(MisplacedFields.Outside(mapping, entry, lastKnown)
                ?? MisplacedRules.NotInList(mapping, entry)
                ?? MisplacedRules.NotInRule(mapping, entry, hints)
                ?? MisplacedFields.TooDeep(mapping, entry)
                ?? MisplacedFields.TooShallow(mapping, entry)
                ?? Misspelled(mapping, entry, hints));
        }
    }

    /// <summary>
    /// Every field of a selector is unknown and has a plain value: labels without <c>matchLabels</c>.
    /// </summary>
    private static Diagnostic? BareLabels(MappingReader mapping)
    {
        const string MatchLabels = "matchLabels";
        if (!mapping.Table.Knows(MatchLabels) || mapping.Entries.Count == 0 || mapping.Entries.Any(e =>
            mapping.Table.Knows(e.Key.Value) || e.Value is not YamlScalar { Kind: not ScalarKind.Null }
                || Suggest.Nearest(e.Key.Value, mapping.Table.Fields.Select(f => f.Name)) is not null))
        {
            return null;
        }
        var at = mapping.Self;
        return Unknown(mapping, mapping.Entries[0], "a label stands under `matchLabels`", null,
            at.Text.IsFlow(at.Position) ? "write the labels as `{matchLabels: {...}}`"
                : $"write `{MatchLabels}:` above the labels, and indent them by 2 more spaces")
            with { Fix = FieldMoves.UnderNewField(mapping, MatchLabels) };
    }

    private static Diagnostic Misspelled(MappingReader mapping, YamlEntry entry, UnknownFieldHints hints)
    {
        var key = entry.Key.Value;
        if (mapping.Table.IsRule && (key, mapping.Table.Knows("from")) is ("to", true) or ("from", false))
        {
            var (peers, direction, other) = key == "to" ? ("from", "ingress", "egress") : ("to", "egress", "ingress");
            return Unknown(mapping, entry, $"an {direction} rule has `{peers}`", null,
                $"write `{peers}:` here, or a rule under `{other}:` with `{key}:`");
        }
        var better = Suggest.Nearest(key, mapping.Table.Fields.Select(f => f.Name)
            .Where(n => !mapping.Mapping.TryGet(n, out _) && !hints.Avoid.Contains(n)));
        return better is null
            ? Unknown(mapping, entry, $"not a field of {mapping.Table.TypeName}", null,
                $"known fields: {Known(mapping.Table)}")
            : Unknown(mapping, entry, $"did you mean {Quote.Of(better)}?", hints.Note(better),
                $"rename {Quote.Of(key)} to {Quote.Of(better)}")
                with { Fix = mapping.Self.Child(entry.Key, mapping.Self.Path).Replaced(better) };
    }

    /// <summary>K001 at the key of an entry.</summary>
    public static Diagnostic Unknown(MappingReader mapping, YamlEntry entry, string label, string? note, string help)
        => new(Codes.UnknownField, Severity.Error,
            $"unknown field {Quote.Of(entry.Key.Value)} in {Quote.Of(mapping.Self.Path.ToString())}",
            mapping.Self.PlaceOf(entry.Key), entry.Key.Length, label, note, help);

    /// <summary>One finding for all that are not reported one by one.</summary>
    private static Diagnostic More(MappingReader mapping, YamlEntry first, int count) => new(
        Codes.UnknownField, Severity.Error,
        $"{count} more unknown fields in {Quote.Of(mapping.Self.Path.ToString())}, from {Quote.Of(first.Key.Value)} on",
        mapping.Self.PlaceOf(first.Key), first.Key.Length, $"not fields of {mapping.Table.TypeName}", null,
        "correct those before, and see what remains");

    private static string Known(FieldTable table)
        => table.Fields.Count <= 12
            ? string.Join(", ", table.Fields.Select(f => f.Name))
            : $"those of {table.TypeName} in the Kubernetes API reference";
}
