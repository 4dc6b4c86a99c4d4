using System.Globalization;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>
/// A node with its path: typed access that reports what is wrong at its place and continues.
/// A null from an accessor means "reported, leave it out", never "use a default".
/// </summary>
/// <param name="source">The text that the node stands in.</param>
/// <param name="outer">The mapping that has the node as a field, or in a list that is a field; null at the top.</param>
internal readonly struct NodeReader(SourceText source, DiagnosticBag bag, YamlNode node, NodePath path,
    MappingReader? outer = null)
{
    public YamlNode Node { get; } = node;

    public NodePath Path { get; } = path;

    public DiagnosticBag Bag { get; } = bag;

    public SourceText Source { get; } = source;

    public MappingReader? Outer { get; } = outer;

    public string File => Source.File;

    public YamlText Text => new(Source);

    public SourcePosition Position => PlaceOf(Node);

    public SourcePosition PlaceOf(YamlNode other) => new(File, other.Line, other.Column);

    public bool IsNull => Node is YamlScalar { Kind: ScalarKind.Null };

    /// <summary>Characters to underline.</summary>
    public int Length => Node is YamlScalar scalar ? scalar.Length : 1;

    public NodeReader Child(YamlNode child, NodePath path) => new(Source, Bag, child, path, Outer);

    public void Error(string code, string message, string? label = null, string? note = null, string? help = null,
        Fix? fix = null)
        => Bag.Add(new Diagnostic(code, Severity.Error, message, Position, Length, label, note, help) { Fix = fix });

    /// <summary>The scalar's text as it stands, quotes included, replaced by another.</summary>
    public Fix Replaced(string text) => new(YamlText.Replace(Position, Length, text));

    /// <summary>
    /// The mapping with its unknown fields already reported; null, reported, where this is something else.
    /// </summary>
    public MappingReader? Mapping(FieldTable table, UnknownFieldHints? hints = null)
    {
        if (Node is not YamlMapping mapping)
        {
            WrongShapes.NotAMapping(this, "a mapping", table);
            return null;
        }
        var reader = new MappingReader(this, mapping, table);
        UnknownFields.Report(reader, hints ?? UnknownFieldHints.None);
        return reader;
    }

    /// <summary>The items; empty for null, and, reported, for anything that is not a list.</summary>
    public IReadOnlyList<NodeReader> Items()
    {
        if (Node is YamlSequence list)
        {
            var items = new NodeReader[list.Items.Count];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = Child(list.Items[i], Path.Item(i));
            }
            return items;
        }
        if (!IsNull)
        {
            WrongShapes.NotAList(this);
        }
        return [];
    }

    /// <summary>A string; numbers, booleans and null are reported, as the API server refuses them.</summary>
    public string? String()
    {
        if (Node is YamlScalar { Kind: ScalarKind.String } scalar)
        {
            return scalar.Value;
        }
        WrongType("a string", Node is YamlScalar { Kind: not ScalarKind.Null } plain
            ? $"put quotes around it: \"{plain.Value}\""
            : IsNull ? "give a value, or \"\" for the empty string" : null,
            Node is YamlScalar { Kind: not ScalarKind.Null } other ? Replaced($"\"{other.Value}\"") : null);
        return null;
    }

    public bool? Boolean()
    {
        if (Node is YamlScalar { Kind: ScalarKind.Boolean } scalar)
        {
            return PlainScalar.IsTrue(scalar.Value);
        }
        bool? meant = Node is not YamlScalar { Value: var word } ? null : word.ToLowerInvariant() switch
        {
            "true" or "yes" or "on" or "y" => true,
            "false" or "no" or "off" or "n" => false,
            _ => null,
        };
        WrongType("true or false", meant is null ? null : "write true or false, without quotes",
            meant is null ? null : Replaced(meant.Value ? "true" : "false"));
        return null;
    }

    /// <summary>
    /// A whole number in any spelling that the API server takes: <c>80</c>, <c>0x50</c>, <c>80.0</c>.
    /// </summary>
    public long? Integer()
    {
        if (Node is YamlScalar { Kind: ScalarKind.Integer or ScalarKind.Float } scalar)
        {
            if (PlainScalar.Whole(scalar.Value) is { } value)
            {
                WarnOfOctal(scalar.Value, value);
                return value;
            }
            Error(Codes.WrongType, $"{Path}: {Quote.Of(scalar.Value)} is not a whole number that fits",
                "a whole number is needed");
            return null;
        }
        WrongType("a number", Node is YamlScalar { Quoted: true } quoted
            && PlainInteger(quoted.Value) is not null ? "remove the quotes" : null,
            Node is YamlScalar { Quoted: true } number && PlainInteger(number.Value) is not null
                ? Replaced(number.Value) : null);
        return null;
    }

    /// <summary>A leading 0 is the one spelling that makes another number than it seems to be.</summary>
    private void WarnOfOctal(string text, long value)
    {
        var digits = text.TrimStart('+', '-').Replace("_", "", StringComparison.Ordinal);
        if (digits.All(char.IsAsciiDigit) && PlainInteger(digits.TrimStart('0')) is { } seeming
            && seeming != Math.Abs(value))
        {
            Bag.Add(new Diagnostic(Codes.ReadDifferently, Severity.Warning,
                $"{Path}: {Quote.Of(text)} is the number {value}", Position, Length, $"read as {value}",
                "a leading 0 makes the number octal in YAML 1.1, which Kubernetes reads",
                $"write {value}, or {seeming} if that is meant"));
        }
    }

    private static long? PlainInteger(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
           && value.ToString(CultureInfo.InvariantCulture) == text ? value : null;

    public void WrongType(string wanted, string? help = null, Fix? fix = null)
        => Error(Codes.WrongType, $"{Path} must be {wanted}", $"this is {Node.Describe()}",
            (Node as YamlScalar)?.Trap, help, fix);
}

/// <summary>A mapping whose fields are read by name.</summary>
internal sealed class MappingReader(NodeReader self, YamlMapping mapping, FieldTable table)
{
    public NodeReader Self { get; } = self;

    public FieldTable Table { get; } = table;

    public YamlMapping Mapping { get; } = mapping;

    public SourcePosition Position => Self.Position;

    public IReadOnlyList<YamlEntry> Entries => Mapping.Entries;

    /// <summary>The field's value; null where it is absent or YAML null, which the API treats alike.</summary>
    public NodeReader? Field(string name)
        => Mapping.TryGet(name, out var entry) && entry.Value is not YamlScalar { Kind: ScalarKind.Null }
            ? new NodeReader(Self.Source, Self.Bag, entry.Value, Self.Path.Field(name), this) : null;

    /// <summary>The field's value; null also where it is the empty text, which defaults replace like none.</summary>
    public NodeReader? Filled(string name)
        => Field(name) is { Node: not YamlScalar { Kind: ScalarKind.String, Value: "" } } field ? field : null;

    /// <summary>The items of a list field; empty where it is absent.</summary>
    public IReadOnlyList<NodeReader> Items(string name) => Field(name)?.Items() ?? [];

    /// <summary>
    /// The field, or an error that it is missing, placed at the field if it is there without a value.
    /// </summary>
    public NodeReader? Required(string name, string? help = null)
    {
        if (Field(name) is { } field)
        {
            return field;
        }
        var place = Mapping.TryGet(name, out var entry) ? entry.Key : (YamlNode)Mapping;
        Self.Child(place, Self.Path).Error(Codes.MissingField, $"{Self.Path.Field(name)} is missing", "required here",
            help: help);
        return null;
    }

    /// <summary>The key of a field that is present, to point at.</summary>
    public NodeReader Key(string name)
        => Mapping.TryGet(name, out var entry) ? Self.Child(entry.Key, Self.Path.Field(name)) : Self;
}
