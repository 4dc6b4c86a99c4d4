using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>Rules, peers and ports of a policy that stand one level too far out or in.</summary>
internal static class MisplacedRules
{
    /// <summary>K001. All of an item of <c>from</c>, <c>to</c> or <c>ports</c> is what a rule has.</summary>
    public static Diagnostic? Whole(MappingReader mapping)
    {
        if (mapping.Self.Outer is not { Table.IsRule: true } rule || mapping.Entries.Count == 0
            || mapping.Entries.Any(e => mapping.Table.Knows(e.Key.Value) || !rule.Table.Knows(e.Key.Value)))
        {
            return null;
        }
        var list = rule.Entries.First(e => e.Value is YamlSequence items && items.Items.Contains(mapping.Mapping));
        var text = mapping.Self.Text;
        var flow = text.IsFlow(mapping.Position) || text.IsFlow(rule.Position);
        var only = ((YamlSequence)list.Value).Items.Count == 1;
        return UnknownFields.Unknown(mapping, mapping.Entries[0],
            $"an item of {Quote.Of(list.Key.Value)} cannot hold a rule", null,
            only ? $"remove the outer {Quote.Of(list.Key.Value)}, or say in it who is meant"
                : flow ? "write it as a rule of its own, beside the rule it stands in"
                : "write it as a rule of its own: behind the rule it stands in, "
                    + $"with its `-` in column {text.Dash(rule.Position) ?? rule.Position.Column}")
            with { Fix = flow || only ? null : FieldMoves.OutOfRule(mapping, rule) };
    }

    /// <summary>
    /// K003. A field of the items of one of this type's lists: the item is indented too little, or the list's name is
    /// missing.
    /// </summary>
    public static Diagnostic? NotInList(MappingReader mapping, YamlEntry entry)
    {
        var key = entry.Key.Value;
        if (mapping.Table.Fields.FirstOrDefault(f => f.Shape == FieldShape.List && f.WhenEmpty is not null
            && f.Type!.Knows(key)) is not { } list)
        {
            return null;
        }
        var at = mapping.Self;
        var first = mapping.Entries[0] == entry;
        var (help, fix) = ListAdvice(mapping, entry, list);
        return new Diagnostic(Codes.MisplacedItem, Severity.Error,
            $"{Quote.Of(key)} is not part of a {Quote.Of(list.Name)} list", at.PlaceOf(entry.Key), entry.Key.Length,
            first && !at.Text.IsFlow(at.Position) ? "this `-` starts a new rule, not a new item"
                : "read as a field of the rule, which has no such field",
            list.WhenEmpty, help) { Fix = fix };
    }

    private static (string Help, Fix? Fix) ListAdvice(MappingReader mapping, YamlEntry entry, Field list)
    {
        var at = mapping.Self;
        var (start, count) = Run(mapping, entry, k => list.Type!.Knows(k) && !mapping.Table.Knows(k));
        var keys = string.Join(" and ",
            mapping.Entries.Skip(start).Take(count).Select(e => $"`{e.Key.Value}`"));
        if (mapping.Mapping.TryGet(list.Name, out var given) && given.Value is YamlSequence { Items.Count: > 0 })
        {
            return ($"write it as an item of its own under `{list.Name}:`, or indent it to narrow the item above",
                null);
        }
        if (at.Text.IsFlow(at.Position))
        {
            var inside = string.Join(", ", mapping.Entries.Skip(start).Take(count).Select(e => $"{e.Key.Value}: ..."));
            return ($"put {keys} into `{list.Name}`: `{list.Name}: [{{{inside}}}]`",
                FieldMoves.Wrapped(mapping, start, count, list.Name));
        }
        if (given.Key is not null)
        {
            return ($"write `- {mapping.Entries[start].Key.Value}:` under `{list.Name}:`, and indent what follows by 2 "
                + "more spaces", FieldMoves.AsItem(mapping, start, count, list.Name, isNew: false));
        }
        if (start == 0 && FieldMoves.BelowEmpty(mapping, list) is { } run)
        {
            return run.Fits
                ? ($"indent this item by 2 more spaces so that it is under `{list.Name}:`",
                    FieldMoves.UnderEmptyList(at, run, list))
                : ($"remove the rule with the empty `{list.Name}:` above, and write `- {list.Name}:` here, with this "
                    + "item below it", null);
        }
        var place = start == 0 ? $"- {list.Name}:" : $"{list.Name}:";
        return ($"write `{place}` here, and below it the item `- {mapping.Entries[start].Key.Value}:`, with all of "
            + $"{keys} indented by 2 more spaces", FieldMoves.AsItem(mapping, start, count, list.Name, isNew: true));
    }

    /// <summary>K001. A field of the rules directly in the spec: <c>ports</c> beside <c>ingress</c>.</summary>
    public static Diagnostic? NotInRule(MappingReader mapping, YamlEntry entry, UnknownFieldHints hints)
    {
        var (at, table, key) = (mapping.Self, mapping.Table, entry.Key.Value);
        var lists = Lists(key);
        if (lists.Count == 0)
        {
            return null;
        }
        var (start, count) = Run(mapping, entry, k => !table.Knows(k) && Lists(k).Count > 0);
        var named = mapping.Entries.Skip(start).Take(count).Select(e => Lists(e.Key.Value))
            .Aggregate((some, others) => [.. some.Intersect(others)]);
        var names = string.Join(" or ", lists.Select(f => Quote.Of(f.Name)));
        var label = $"belongs in a rule of {names}";
        if (named is not [var list])
        {
            return UnknownFields.Unknown(mapping, entry, label, null, $"write it in a rule of {names}");
        }
        if (mapping.Mapping.TryGet(list.Name, out var given) && given.Value is YamlSequence { Items.Count: > 0 })
        {
            return UnknownFields.Unknown(mapping, entry, label, null, $"indent it under a `- ` of `{list.Name}:`");
        }
        var flow = at.Text.IsFlow(at.Position);
        return UnknownFields.Unknown(mapping, entry, label, hints.Note(list.Name),
            given.Key is not null ? $"write it as a rule, `- {key}:`, under `{list.Name}:`"
                : flow ? $"write it as a rule: `{list.Name}: [{{{key}: ...}}]`"
                : $"write `{list.Name}:`, below it `- {mapping.Entries[start].Key.Value}:`, "
                    + "and indent the rest under it")
            with
        {
            Fix = !flow ? FieldMoves.AsItem(mapping, start, count, list.Name, given.Key is null)
                : given.Key is null ? FieldMoves.Wrapped(mapping, start, count, list.Name) : null,
        };

        List<Field> Lists(string field) => [.. table.Fields.Where(f => f.Shape == FieldShape.List && f.Type!.IsRule
            && f.Type.Knows(field) && !hints.Avoid.Contains(f.Name))];
    }

    /// <summary>The neighbours of an entry, itself included, whose keys are of the kind.</summary>
    private static (int Start, int Count) Run(MappingReader mapping, YamlEntry entry, Predicate<string> kind)
    {
        var start = MisplacedFields.IndexOf(mapping, entry);
        var end = start + 1;
        while (start > 0 && kind(mapping.Entries[start - 1].Key.Value))
        {
            start--;
        }
        while (end < mapping.Entries.Count && kind(mapping.Entries[end].Key.Value))
        {
            end++;
        }
        return (start, end - start);
    }
}
