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
    public static void Report(NodeReader at, YamlMapping mapping, FieldTable table, UnknownFieldHints hints)
    {
        YamlEntry? lastKnown = null;
        foreach (var entry in mapping.Entries)
        {
            if (table.Knows(entry.Key.Value))
            {
                lastKnown = entry;
                continue;
            }
            at.Bag.Add(Outside(at, entry, table, lastKnown) ?? NotInList(at, entry, mapping, table)
                ?? NotInRule(at, entry, mapping, table, hints) ?? Unknown(at, entry, mapping, table, hints));
        }
    }

    /// <summary>The field above is empty and would take this one: the line is indented too little.</summary>
    private static Diagnostic? Outside(NodeReader at, YamlEntry entry, FieldTable table, YamlEntry? above)
    {
        if (above is not { Value: YamlScalar { Kind: ScalarKind.Null, Quoted: false } } empty
            || table.Find(empty.Key.Value) is not { } field)
        {
            return null;
        }
        var key = entry.Key.Value;
        var fits = field.Shape == FieldShape.Map || (field.Shape == FieldShape.Object && field.Type!.Knows(key));
        if (!fits)
        {
            return null;
        }
        return new Diagnostic(Codes.MisplacedField, Severity.Error,
            $"{Quote.Of(key)} is outside {Quote.Of(field.Name)}",
            PlaceOf(at, entry.Key), entry.Key.Length,
            $"read as {Quote.Of(at.Path.Field(key).ToString())}, which does not exist",
            field.WhenEmpty, $"indent {Quote.Of(key)} (and the lines under it) by 2 more spaces")
        {
            Related = new RelatedPlace(PlaceOf(at, empty.Key), empty.Key.Length,
                $"empty: nothing is indented under {Quote.Of(field.Name)}"),
        };
    }

    /// <summary>
    /// A field of the items of one of this type's lists: the item is indented too little, or the list's name is
    /// missing.
    /// </summary>
    private static Diagnostic? NotInList(NodeReader at, YamlEntry entry, YamlMapping mapping, FieldTable table)
    {
        var key = entry.Key.Value;
        if (table.Fields.FirstOrDefault(f => f.Shape == FieldShape.List && f.WhenEmpty is not null
            && f.Type!.Knows(key)) is not { } list)
        {
            return null;
        }
        return new Diagnostic(Codes.MisplacedItem, Severity.Error,
            $"{Quote.Of(key)} is not part of a {Quote.Of(list.Name)} list",
            PlaceOf(at, entry.Key), entry.Key.Length,
            mapping.Entries[0] == entry
            ? "this `-` starts a new rule, not a new item" : "read as a field of the rule, which has no such field",
            list.WhenEmpty, $"indent this item by 2 more spaces so that it is under `{list.Name}:`");
    }

    /// <summary>A field of the rules directly in the spec: <c>ports</c> beside <c>ingress</c>.</summary>
    private static Diagnostic? NotInRule(NodeReader at, YamlEntry entry, YamlMapping mapping, FieldTable table,
        UnknownFieldHints hints)
    {
        var key = entry.Key.Value;
        var lists = table.Fields.Where(f => f.Shape == FieldShape.List && f.Type!.IsRule && f.Type.Knows(key)
            && !hints.Avoid.Contains(f.Name)).ToList();
        if (lists.Count == 0)
        {
            return null;
        }
        var given = mapping.TryGet(lists[0].Name, out _);
        return new Diagnostic(Codes.UnknownField, Severity.Error,
            $"unknown field {Quote.Of(key)} in {Quote.Of(at.Path.ToString())}",
            PlaceOf(at, entry.Key), entry.Key.Length,
            $"belongs in a rule of {string.Join(" or ", lists.Select(f => Quote.Of(f.Name)))}",
            given ? null : hints.Note(lists[0].Name),
            given ? $"indent it under a `- ` of `{lists[0].Name}:`"
                : $"write `{lists[0].Name}:`, below it `- {key}:`, and indent the rest under it");
    }

    private static Diagnostic Unknown(NodeReader at, YamlEntry entry, YamlMapping mapping, FieldTable table,
        UnknownFieldHints hints)
    {
        var key = entry.Key.Value;
        var better = Suggest.Nearest(key,
            table.Fields.Select(f => f.Name).Where(n => !mapping.TryGet(n, out _) && !hints.Avoid.Contains(n)));
        return new Diagnostic(Codes.UnknownField, Severity.Error,
            $"unknown field {Quote.Of(key)} in {Quote.Of(at.Path.ToString())}",
            PlaceOf(at, entry.Key), entry.Key.Length,
            better is null ? $"not a field of {table.TypeName}" : $"did you mean {Quote.Of(better)}?",
            better is null ? null : hints.Note(better),
            better is null ? $"known fields: {Known(table)}" : $"rename {Quote.Of(key)} to {Quote.Of(better)}");
    }

    private static string Known(FieldTable table)
        => table.Fields.Count <= 12
            ? string.Join(", ", table.Fields.Select(f => f.Name))
            : $"those of {table.TypeName} in the Kubernetes API reference";

    private static SourcePosition PlaceOf(NodeReader at, YamlNode node) => new(at.File, node.Line, node.Column);
}
