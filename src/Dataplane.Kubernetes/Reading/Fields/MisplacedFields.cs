using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>Fields that another level of the object has: they are indented too little or too much.</summary>
internal static class MisplacedFields
{
    /// <summary>K002. The field above is empty and would take this one: the line is indented too little.</summary>
    /// <param name="above">The known field before the entry; null for none.</param>
    public static Diagnostic? Outside(MappingReader mapping, YamlEntry entry, YamlEntry? above)
    {
        if (above is not { Value: YamlScalar { Kind: ScalarKind.Null, Quoted: false } } empty
            || mapping.Table.Find(empty.Key.Value) is not { } field)
        {
            return null;
        }
        var (at, key) = (mapping.Self, entry.Key.Value);
        var fits = field.Shape == FieldShape.Map || (field.Shape == FieldShape.Object && field.Type!.Knows(key));
        if (!fits)
        {
            return null;
        }
        return new Diagnostic(Codes.MisplacedField, Severity.Error,
            $"{Quote.Of(key)} is outside {Quote.Of(field.Name)}", at.PlaceOf(entry.Key), entry.Key.Length,
            $"read as {Quote.Of(at.Path.Field(key).ToString())}, which does not exist", field.WhenEmpty,
            at.Text.IsFlow(at.Position) ? $"put it inside: `{field.Name}: {{{key}: ...}}`"
                : $"indent {Quote.Of(key)} (and the lines under it) by 2 more spaces")
        {
            Related = new RelatedPlace(at.PlaceOf(empty.Key), empty.Key.Length,
                $"empty: nothing is indented under {Quote.Of(field.Name)}"),
            Fix = FieldMoves.UnderEmpty(mapping, empty),
        };
    }

    /// <summary>K001. A mapping further out has the field, and it is not given there.</summary>
    public static Diagnostic? TooDeep(MappingReader mapping, YamlEntry entry)
    {
        var key = entry.Key.Value;
        for (var outer = mapping.Self.Outer; outer is not null; outer = outer.Self.Outer)
        {
            if (!outer.Table.Knows(key) || outer.Mapping.TryGet(key, out _))
            {
                continue;
            }
            var (text, column) = (mapping.Self.Text, outer.Position.Column);
            var beside = Quote.Of(outer.Entries[0].Key.Value);
            var flow = text.IsFlow(mapping.Position) || text.IsFlow(outer.Position);
            return UnknownFields.Unknown(mapping, entry, $"belongs in {Quote.Of(outer.Self.Path.ToString())}", null,
                flow ? $"write it beside {beside}"
                    : $"start {Quote.Of(key)} in column {column}, under {beside}, behind what stands there")
                with { Fix = flow ? null : FieldMoves.Out(mapping, entry, outer) };
        }
        return null;
    }

    /// <summary>K001. A field before this one takes it: it is not indented as far as that one's content.</summary>
    public static Diagnostic? TooShallow(MappingReader mapping, YamlEntry entry)
    {
        var key = entry.Key.Value;
        var index = IndexOf(mapping, entry);
        for (var i = index - 1; i >= 0; i--)
        {
            var above = mapping.Entries[i];
            if (above.Value is not YamlMapping inner || inner.Entries.Count == 0 || inner.TryGet(key, out _)
                || mapping.Table.Find(above.Key.Value) is not { Shape: FieldShape.Object } field
                || !field.Type!.Knows(key))
            {
                continue;
            }
            var at = mapping.Self;
            var block = !at.Text.IsFlow(at.Position) && !at.Text.IsFlow(at.PlaceOf(inner));
            return UnknownFields.Unknown(mapping, entry, $"belongs under {Quote.Of(field.Name)}", null,
                block ? $"start {Quote.Of(key)} in column {inner.Column}, under what stands in {Quote.Of(field.Name)}"
                    : $"put it inside {Quote.Of(field.Name)}")
                with
            {
                Fix = block && i == index - 1 ? FieldMoves.Indented(mapping, index, 1, inner.Column) : null,
            };
        }
        return null;
    }

    public static int IndexOf(MappingReader mapping, YamlEntry entry)
    {
        var index = 0;
        while (mapping.Entries[index] != entry)
        {
            index++;
        }
        return index;
    }
}
