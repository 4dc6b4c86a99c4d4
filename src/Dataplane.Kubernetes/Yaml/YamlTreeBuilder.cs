using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// Builds the tree of one document from parser events, counting depth and nodes itself: the library's own tree has no
/// bounds.
/// </summary>
/// <param name="place">Turns a mark of the parser into a place in the file.</param>
internal sealed class YamlTreeBuilder(IParser parser, Func<Mark, SourcePosition> place, DiagnosticBag bag)
{
    /// <summary>Maximum levels of nesting of a document, aliases expanded.</summary>
    private const int MaxDepth = 64;

    /// <summary>Maximum number of nodes that aliases may add to a document.</summary>
    private const int MaxAliasNodes = 100_000;

    /// <summary>Maximum number of nodes of a document: their tree takes about half a gigabyte.</summary>
    private const int MaxNodes = 5_000_000;

    private readonly Dictionary<string, YamlNode?> _anchors = [];
    private int _nodes;
    private int _aliasNodes;

    /// <summary>Reads the node that starts at the current event and leaves the parser behind it.</summary>
    public YamlNode Build() => Read(1);

    private YamlNode Read(int depth)
    {
        var current = parser.Current!;
        if (depth > MaxDepth)
        {
            throw Refuse(Codes.TooDeep, current, $"nested deeper than {MaxDepth} levels",
                "no Kubernetes object needs this");
        }
        if (++_nodes > MaxNodes)
        {
            throw Refuse(Codes.TooLarge, current, $"more than {MaxNodes} values in one document", "split the file");
        }
        switch (current)
        {
            case AnchorAlias alias:
                return Expand(alias, depth);
            case Scalar scalar:
                parser.MoveNext();
                return Anchored(scalar, ReadScalar(scalar));
            case SequenceStart start:
                return Anchored(start, ReadSequence(start, depth));
            case MappingStart start:
                return Anchored(start, ReadMapping(start, depth));
            default:
                throw Refuse(Codes.Syntax, current, "not valid YAML here", null);
        }
    }

    private YamlNode Expand(AnchorAlias alias, int depth)
    {
        var name = alias.Value.Value;
        if (!_anchors.TryGetValue(name, out var node))
        {
            if (name.StartsWith('*'))
            {
                throw new YamlRefusal(SyntaxDoctor.Markdown(place(alias.Start), null));
            }
            throw Refuse(Codes.Alias, alias, $"unknown anchor {Quote.Of(name)}",
                $"`*{name}` repeats what was marked `&{name}` above it; put quotes around the value "
                + "if it is plain text");
        }
        if (node is null)
        {
            throw Refuse(Codes.Alias, alias, $"the alias {Quote.Of("*" + name)} contains itself", null);
        }
        _aliasNodes += node.Size;
        if (_aliasNodes > MaxAliasNodes)
        {
            throw Refuse(Codes.Alias, alias, $"aliases expand to more than {MaxAliasNodes} values",
                "write the values out, or fewer of them");
        }
        if (depth + node.Height - 1 > MaxDepth)
        {
            throw Refuse(Codes.TooDeep, alias, $"nested deeper than {MaxDepth} levels with this alias expanded", null);
        }
        parser.MoveNext();
        return node;
    }

    private YamlNode Anchored(NodeEvent start, YamlNode node)
    {
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = node;
        }
        return node;
    }

    private void OpenAnchor(NodeEvent start)
    {
        if (!start.Anchor.IsEmpty)
        {
            _anchors[start.Anchor.Value] = null;
        }
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific
            && start.Tag.Value is not ("tag:yaml.org,2002:map" or "tag:yaml.org,2002:seq"))
        {
            throw Refuse(Codes.UnsupportedTag, start,
                $"the YAML tag {Quote.Of(start.Tag.Value)} means nothing in a manifest", "remove it");
        }
    }

    private YamlScalar ReadScalar(Scalar scalar)
    {
        var at = place(scalar.Start);
        var quoted = scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any);
        var kind = quoted ? ScalarKind.String : PlainScalar.KindOf(scalar.Value);
        if (!scalar.Tag.IsEmpty && !(scalar.Tag.IsNonSpecific && quoted))
        {
            kind = scalar.Tag.Value switch
            {
                "!" or "tag:yaml.org,2002:str" => ScalarKind.String,
                "tag:yaml.org,2002:int" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null"
                    or "tag:yaml.org,2002:float" => PlainScalar.KindOf(scalar.Value),
                _ => throw Refuse(Codes.UnsupportedTag, scalar,
                    $"the YAML tag {Quote.Of(scalar.Tag.Value)} means nothing in a manifest", "remove it"),
            };
        }
        var length = scalar.Start.Line == scalar.End.Line ? scalar.End.Column - scalar.Start.Column : 1;
        return new YamlScalar(at.Line, at.Column, scalar.Value, kind, quoted, (int)Math.Max(1, length));
    }

    private YamlSequence ReadSequence(SequenceStart start, int depth)
    {
        OpenAnchor(start);
        var at = place(start.Start);
        var sequence = new YamlSequence(at.Line, at.Column);
        parser.MoveNext();
        while (parser.Current is not SequenceEnd)
        {
            sequence.Add(Read(depth + 1));
        }
        parser.MoveNext();
        return sequence;
    }

    private YamlMapping ReadMapping(MappingStart start, int depth)
    {
        OpenAnchor(start);
        var at = place(start.Start);
        var mapping = new YamlMapping(at.Line, at.Column);
        YamlNode? merge = null;
        parser.MoveNext();
        while (parser.Current is not MappingEnd)
        {
            var keyEvent = parser.Current!;
            var key = Read(depth + 1) as YamlScalar;
            var value = Read(depth + 1);
            if (key is null)
            {
                var where = place(keyEvent.Start);
                bag.Add(new Diagnostic(Codes.KeyNotScalar, Severity.Error, "a mapping key must be a plain word", where,
                    Note: "YAML reads `{{ x }}` and `? [a]` as keys that are collections",
                    Help: "template placeholders must be filled in first"));
            }
            else if (key is { Quoted: false, Value: "<<" } && merge is null && CanMerge(value))
            {
                merge = value;
            }
            else if (mapping.TryGet(key.Value, out var first))
            {
                var where = new SourcePosition(at.File, key.Line, key.Column);
                var before = new SourcePosition(at.File, first.Key.Line, first.Key.Column);
                bag.Add(new Diagnostic(Codes.DuplicateKey, Severity.Error,
                    $"{Quote.Of(key.Value)} is given twice in one mapping", where, key.Length,
                    $"again here; first in line {before.Line}, column {before.Column}",
                    "other tools silently keep only one of the two",
                    "keep one, or merge what is under them")
                { Related = new RelatedPlace(before, first.Key.Length, "first here") });
            }
            else
            {
                mapping.Add(key, value);
            }
        }
        parser.MoveNext();
        Merge(mapping, merge);
        return mapping;
    }

    private static bool CanMerge(YamlNode value)
        => value is YamlMapping || (value is YamlSequence list && list.Items.All(i => i is YamlMapping));

    /// <summary>The YAML 1.1 merge key <c>&lt;&lt;</c>: adds what the mapping itself does not have.</summary>
    private static void Merge(YamlMapping mapping, YamlNode? merge)
    {
        switch (merge)
        {
            case YamlMapping other:
                foreach (var entry in other.Entries)
                {
                    if (!mapping.TryGet(entry.Key.Value, out _))
                    {
                        mapping.Add(entry.Key, entry.Value);
                    }
                }
                break;
            case YamlSequence list:
                foreach (var item in list.Items)
                {
                    Merge(mapping, item as YamlMapping);
                }
                break;
        }
    }

    private YamlRefusal Refuse(string code, ParsingEvent at, string message, string? help)
        => new(new Diagnostic(code, Severity.Error, message, place(at.Start), Help: help));
}
