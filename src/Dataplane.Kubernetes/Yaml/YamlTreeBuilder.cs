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
            kind = Tagged(scalar);
        }
        var length = scalar.Start.Line == scalar.End.Line ? scalar.End.Column - scalar.Start.Column : 1;
        return new YamlScalar(at.Line, at.Column, scalar.Value, kind, quoted, (int)Math.Max(1, length));
    }

    /// <summary>A tag makes a string of anything, and otherwise only says what the scalar is already.</summary>
    private ScalarKind Tagged(Scalar scalar)
    {
        var kind = PlainScalar.KindOf(scalar.Value);
        return (scalar.Tag.Value, kind) switch
        {
            ("!" or "tag:yaml.org,2002:str", _) => ScalarKind.String,
            ("tag:yaml.org,2002:int", ScalarKind.Integer) or ("tag:yaml.org,2002:bool", ScalarKind.Boolean)
                or ("tag:yaml.org,2002:null", ScalarKind.Null)
                or ("tag:yaml.org,2002:float", ScalarKind.Integer or ScalarKind.Float) => kind,
            ("tag:yaml.org,2002:int" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null"
                or "tag:yaml.org,2002:float", _) => throw Refuse(Codes.UnsupportedTag, scalar,
                $"{Quote.Of(scalar.Value)} is not what the YAML tag {Quote.Of(scalar.Tag.Value)} says",
                "remove the tag"),
            _ => throw Refuse(Codes.UnsupportedTag, scalar,
                $"the YAML tag {Quote.Of(scalar.Tag.Value)} means nothing in a manifest", "remove it"),
        };
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
        var builder = new MappingBuilder(mapping, at.File, bag);
        parser.MoveNext();
        while (parser.Current is not MappingEnd)
        {
            var keyEvent = parser.Current!;
            var key = Read(depth + 1) as YamlScalar;
            var value = Read(depth + 1);
            if (key is null or { Kind: ScalarKind.Null })
            {
                bag.Add(new Diagnostic(Codes.KeyNotScalar, Severity.Error, "a mapping key must be a plain word",
                    place(keyEvent.Start),
                    Note: key is null ? "YAML reads `{{ x }}` and `? [a]` as keys that are collections" : null,
                    Help: key is null
                        ? "template placeholders must be filled in first" : "write a word: this is null"));
            }
            else if (key is { Quoted: false, Value: "<<" })
            {
                builder.Merge(value);
            }
            else
            {
                builder.Add(key, value);
            }
        }
        parser.MoveNext();
        return mapping;
    }

    private YamlRefusal Refuse(string code, ParsingEvent at, string message, string? help)
        => new(new Diagnostic(code, Severity.Error, message, place(at.Start), Help: help));
}
