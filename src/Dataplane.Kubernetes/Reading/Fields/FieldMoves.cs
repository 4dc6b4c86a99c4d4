using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>
/// Edits that move misplaced fields to where they belong. Null where the text is not laid out as usual, so that the
/// edit would not be certain.
/// </summary>
internal static class FieldMoves
{
    private const int Step = 2;

    /// <summary>
    /// The entries behind an empty one, down to the last of its kind, become its content: those that the mapping itself
    /// does not know.
    /// </summary>
    public static Fix? UnderEmpty(MappingReader mapping, YamlEntry empty)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        var start = MisplacedFields.IndexOf(mapping, empty) + 1;
        var count = mapping.Entries.Skip(start).TakeWhile(e => !mapping.Table.Knows(e.Key.Value)).Count();
        var first = at.PlaceOf(mapping.Entries[start].Key);
        var last = at.PlaceOf(mapping.Entries[start + count - 1].Key);
        if (!text.IsFlow(mapping.Position))
        {
            return text.StartsLine(first) ? new Fix(text.Shift(first.Line, text.LastLine(last), Step)) : null;
        }
        var colon = text.AfterColon(at.PlaceOf(empty.Key));
        return colon.Line != first.Line || text.ValueOf(last) is not { } value ? null
            : new Fix(new TextEdit(colon, first, " {"), YamlText.Insert(text.End(value, inFlow: true), "}"));
    }

    /// <summary>All of a mapping becomes the content of a field that is not there.</summary>
    public static Fix? UnderNewField(MappingReader mapping, string field)
    {
        var text = mapping.Self.Text;
        if (text.IsFlow(mapping.Position))
        {
            return new Fix(YamlText.Insert(mapping.Position, $"{{{Name(mapping, field)}: "),
                YamlText.Insert(text.End(mapping.Position, inFlow: true), "}"));
        }
        var last = text.LastLine(mapping.Self.PlaceOf(mapping.Entries[^1].Key));
        return !text.StartsLine(mapping.Position) ? null : new Fix(
            [YamlText.Insert(mapping.Position, $"{field}:\n{Blanks(mapping.Position.Column - 1 + Step)}"),
                .. text.Shift(mapping.Position.Line + 1, last, Step)]);
    }

    /// <summary>A field that is missing, or has no value, becomes <c>{}</c>.</summary>
    public static Fix? WithEmpty(MappingReader mapping, string field)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        if (mapping.Mapping.TryGet(field, out _))
        {
            return WithValue(mapping, field, "{}");
        }
        if (text.IsFlow(mapping.Position))
        {
            var more = mapping.Entries.Count == 0 ? "" : ", ";
            return new Fix(YamlText.Insert(
                YamlText.Behind(mapping.Position, 1), $"{Name(mapping, field)}: {{}}{more}"));
        }
        return new Fix(YamlText.Insert(mapping.Position, $"{field}: {{}}\n{Blanks(mapping.Position.Column - 1)}"));
    }

    /// <summary>The null, or the empty collection, of a field becomes another value on its line.</summary>
    public static Fix? WithValue(MappingReader mapping, string field, string value)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        if (!mapping.Mapping.TryGet(field, out var entry))
        {
            return null;
        }
        var given = at.PlaceOf(entry.Value);
        return entry.Value switch
        {
            YamlScalar { Value.Length: > 0 } => at.Child(entry.Value, at.Path).Replaced(value),
            YamlScalar => new Fix(YamlText.Insert(text.AfterColon(at.PlaceOf(entry.Key)), $" {value}")),
            _ => new Fix(new TextEdit(given, text.End(given, inFlow: true), value)),
        };
    }

    /// <summary>A field goes; of a mapping that has nothing else, <c>{}</c> is left.</summary>
    public static Fix? Without(MappingReader mapping, string field)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        var index = mapping.Entries.TakeWhile(e => e.Key.Value != field).Count();
        var key = at.PlaceOf(mapping.Entries[index].Key);
        var flow = text.IsFlow(mapping.Position);
        var end = text.ValueOf(key) is { } value ? text.End(value, flow) : text.AfterColon(key);
        if (mapping.Entries.Count == 1)
        {
            return new Fix(flow ? new TextEdit(key, end, "") : new TextEdit(key, end, "{}"));
        }
        return new Fix(index + 1 < mapping.Entries.Count
            ? new TextEdit(key, at.PlaceOf(mapping.Entries[index + 1].Key), "")
            : flow && text.ValueOf(at.PlaceOf(mapping.Entries[index - 1].Key)) is { } before
                ? new TextEdit(text.End(before, inFlow: true), end, "")
                : new TextEdit(text.EndOf(key.Line - 1), end, ""));
    }

    /// <summary>
    /// A word in a list of words: behind the others, or in a new list with those that are meant where there is none.
    /// </summary>
    /// <param name="others">What a missing or empty list stands for.</param>
    /// <param name="before">The key in front of which a new list stands.</param>
    public static Fix? WithWord(MappingReader mapping, string field, string word, string others,
        SourcePosition before)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        var all = word == others ? $"[{word}]" : $"[{others}, {word}]";
        if (!mapping.Mapping.TryGet(field, out var entry))
        {
            var flow = text.IsFlow(mapping.Position);
            return flow || text.StartsLine(before) ? new Fix(YamlText.Insert(before,
                $"{field}: {all}{(flow ? ", " : $"\n{Blanks(before.Column - 1)}")}")) : null;
        }
        return entry.Value is YamlSequence { Items.Count: > 0 } ? WordList.With(text, at.PlaceOf(entry.Key), word)
            : WithValue(mapping, field, all);
    }

    /// <summary>A new field in front of another.</summary>
    public static Fix? InFrontOf(MappingReader mapping, string field, string name, string value)
    {
        var (text, before) = (mapping.Self.Text, mapping.Key(field).Position);
        var flow = text.IsFlow(mapping.Position);
        return flow || text.StartsLine(before) ? new Fix(YamlText.Insert(before,
            $"{Name(mapping, name)}: {value}{(flow ? ", " : $"\n{Blanks(before.Column - 1)}")}")) : null;
    }

    /// <summary>An item with one field too many becomes two: one with this field, one with the others.</summary>
    public static Fix? InTwo(MappingReader mapping, string field)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        var index = mapping.Entries.TakeWhile(e => e.Key.Value != field).Count();
        var second = index == 0 ? 1 : index;
        if (index > 0 && index < mapping.Entries.Count - 1)
        {
            return null;
        }
        var key = at.PlaceOf(mapping.Entries[second].Key);
        if (text.IsFlow(mapping.Position))
        {
            return text.ValueOf(at.PlaceOf(mapping.Entries[second - 1].Key)) is not { } value ? null
                : new Fix(new TextEdit(text.End(value, inFlow: true), key, "}, {"));
        }
        return text.Dash(mapping.Position) is { } dash && text.StartsLine(key)
            ? new Fix(YamlText.Replace(text.Place(key.Line, dash), 1, "-")) : null;
    }

    /// <summary>A name as the mapping writes its own: with quotes where it is JSON.</summary>
    public static string Name(MappingReader mapping, string name) => mapping.Entries is [var first, ..]
        && mapping.Self.Text.Has(mapping.Self.PlaceOf(first.Key), "\"") ? $"\"{name}\"" : name;

    /// <summary>Entries of a mapping in brackets become the one item of a new list.</summary>
    public static Fix? Wrapped(MappingReader mapping, int start, int count, string list)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        var last = at.PlaceOf(mapping.Entries[start + count - 1].Key);
        return text.ValueOf(last) is not { } value ? null
            : new Fix(YamlText.Insert(at.PlaceOf(mapping.Entries[start].Key), $"{Name(mapping, list)}: [{{"),
                YamlText.Insert(text.End(value, inFlow: true), "}]"));
    }

    /// <summary>Entries become one item of a list: of a new one, or of the empty one that stands above them.</summary>
    public static Fix? AsItem(MappingReader mapping, int start, int count, string list, bool isNew)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        var first = at.PlaceOf(mapping.Entries[start].Key);
        var last = text.LastLine(at.PlaceOf(mapping.Entries[start + count - 1].Key));
        if (!text.StartsLine(first) && !(start == 0 && text.Dash(first) is not null))
        {
            return null;
        }
        if (!isNew && !(start > 0 && mapping.Entries[start - 1].Key.Value == list))
        {
            return null;
        }
        var opening = isNew ? $"{list}:\n{Blanks(first.Column - 1)}- " : "- ";
        return new Fix([YamlText.Insert(first, opening), .. text.Shift(first.Line + 1, last, Step)]);
    }

    /// <summary>Items of a rule's list that stand as rules, below a rule that ends with the list, empty.</summary>
    /// <param name="Items">The mappings that start with fields of an item.</param>
    /// <param name="Fits">Whether what else they have can become a part of the rule above.</param>
    public sealed record ItemRun(IReadOnlyList<YamlMapping> Items, bool Fits);

    /// <summary>The run that a mapping is in; null where no empty list stands above.</summary>
    public static ItemRun? BelowEmpty(MappingReader mapping, Field list)
    {
        if (mapping.Self.Outer?.Entries.Select(e => e.Value).OfType<YamlSequence>()
            .FirstOrDefault(s => s.Items.Contains(mapping.Mapping)) is not { } items)
        {
            return null;
        }
        var index = items.Items.TakeWhile(i => i != mapping.Mapping).Count();
        var (first, end) = (index, index + 1);
        while (first > 0 && StartsAsItem(items.Items[first - 1]))
        {
            first--;
        }
        while (end < items.Items.Count && StartsAsItem(items.Items[end]))
        {
            end++;
        }
        if (first == 0 || items.Items[first - 1] is not YamlMapping { Entries: [.., var empty] } rule
            || empty.Key.Value != list.Name || empty.Value is not YamlScalar { Kind: ScalarKind.Null })
        {
            return null;
        }
        var run = items.Items.Skip(first).Take(end - first).Cast<YamlMapping>().ToList();
        return new ItemRun(run, run.SkipLast(1).All(i => OwnFields(i, list) == i.Entries.Count)
            && !run[^1].Entries.Skip(OwnFields(run[^1], list)).Any(e => rule.TryGet(e.Key.Value, out _)));

        bool StartsAsItem(YamlNode node) =>
            node is YamlMapping { Entries: [var entry, ..] } && list.Type!.Knows(entry.Key.Value);
    }

    /// <summary>The items move under the empty list; what the last one has of a rule becomes the rule's.</summary>
    public static Fix? UnderEmptyList(NodeReader at, ItemRun run, Field list) =>
        run.Items.Any(i => at.Text.Dash(at.PlaceOf(i)) is null) ? null : new Fix(run.Items.SelectMany(i =>
            at.Text.Shift(i.Line, at.Text.LastLine(at.PlaceOf(i.Entries[OwnFields(i, list) - 1].Key)), Step)));

    private static int OwnFields(YamlMapping item, Field list) =>
        item.Entries.TakeWhile(e => list.Type!.Knows(e.Key.Value)).Count();

    /// <summary>Entries move to the right, to the column of what stands above them.</summary>
    public static Fix? Indented(MappingReader mapping, int start, int count, int column)
    {
        var (text, at) = (mapping.Self.Text, mapping.Self);
        var first = at.PlaceOf(mapping.Entries[start].Key);
        var last = text.LastLine(at.PlaceOf(mapping.Entries[start + count - 1].Key));
        return column <= first.Column || !text.StartsLine(first) ? null
            : new Fix(text.Shift(first.Line, last, column - first.Column));
    }

    /// <summary>An entry moves to a mapping further out, behind the entry of that one that it stands in.</summary>
    public static Fix? Out(MappingReader mapping, YamlEntry entry, MappingReader outer)
    {
        var text = mapping.Self.Text;
        var key = mapping.Self.PlaceOf(entry.Key);
        var left = key.Column - outer.Position.Column;
        if (!text.StartsLine(key) || left <= 0 || mapping.Entries.Count == 1)
        {
            return null;
        }
        var holder = outer.Entries.Last(e => e.Key.Line < key.Line);
        return Moved(text, key.Line, text.LastLine(key), text.LastLine(outer.Self.PlaceOf(holder.Key)), left);
    }

    /// <summary>An item of a rule's list moves behind the rule, as a rule of its own.</summary>
    public static Fix? OutOfRule(MappingReader mapping, MappingReader rule)
    {
        var text = mapping.Self.Text;
        return text.Dash(mapping.Position) is not { } dash || text.Dash(rule.Position) is not { } ruleDash ? null
            : Moved(text, mapping.Position.Line,
                text.LastLine(text.Place(mapping.Position.Line, dash)),
                text.LastLine(text.Place(rule.Position.Line, ruleDash)), dash - ruleDash);
    }

    private static Fix Moved(YamlText text, int first, int last, int behind, int left) =>
        new(behind == last ? text.Shift(first, last, -left) : text.Move(first, last, behind, left));

    private static string Blanks(int count) => new(' ', count);
}
