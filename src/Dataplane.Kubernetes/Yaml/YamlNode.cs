using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>A node of a document with its place: line and column from 1.</summary>
internal abstract class YamlNode(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>Nodes in this subtree with every alias expanded.</summary>
    public int Size { get; protected set; } = 1;

    /// <summary>Levels in this subtree with every alias expanded; 1 for a scalar.</summary>
    public int Height { get; protected set; } = 1;

    protected void Contain(YamlNode child)
    {
        Size += child.Size;
        Height = Math.Max(Height, child.Height + 1);
    }

    public abstract string Describe();
}

internal enum ScalarKind { String, Null, Boolean, Integer, Float }

internal sealed class YamlScalar(int line, int column, string value, ScalarKind kind, bool quoted, int length)
    : YamlNode(line, column)
{
    public string Value { get; } = value;

    public ScalarKind Kind { get; } = kind;

    /// <summary>Written in quotes or as a block: always a string.</summary>
    public bool Quoted { get; } = quoted;

    /// <summary>Characters it takes on its first line, quotes included; at least 1.</summary>
    public int Length { get; } = length;

    /// <summary>
    /// What Kubernetes reads, where an unquoted word is a boolean or a number and does not look like it; null for all
    /// others.
    /// </summary>
    public string? Trap => Quoted ? null : Kind switch
    {
        ScalarKind.Boolean when !Value.Equals("true", StringComparison.OrdinalIgnoreCase)
            && !Value.Equals("false", StringComparison.OrdinalIgnoreCase) =>
            $"{Quote.Of(Value)} is a boolean in YAML 1.1, which Kubernetes reads",
        ScalarKind.Integer or ScalarKind.Float when PlainScalar.WordOf(Value, Kind) is var number && number != Value =>
            $"{Quote.Of(Value)} is the number {number} in YAML 1.1, which Kubernetes reads",
        _ => null,
    };

    public override string Describe() => Kind switch
    {
        ScalarKind.Null => "null",
        ScalarKind.Boolean => $"the boolean {Quote.Of(Value)}",
        ScalarKind.Integer or ScalarKind.Float => $"the number {Quote.Of(Value)}",
        _ => $"the string {Quote.Of(Value)}",
    };
}

internal readonly record struct YamlEntry(YamlScalar Key, YamlNode Value);

internal sealed class YamlMapping(int line, int column) : YamlNode(line, column)
{
    private readonly List<YamlEntry> _entries = [];
    private Dictionary<string, int>? _index;

    public IReadOnlyList<YamlEntry> Entries => _entries;

    public override string Describe() => "a mapping";

    public bool TryGet(string key, out YamlEntry entry)
    {
        if (_index is not null)
        {
            if (_index.TryGetValue(key, out var at))
            {
                entry = _entries[at];
                return true;
            }
        }
        else
        {
            foreach (var e in _entries)
            {
                if (e.Key.Value == key)
                {
                    entry = e;
                    return true;
                }
            }
        }
        entry = default;
        return false;
    }

    /// <summary>Gives a key that is there already another value.</summary>
    public void Replace(YamlScalar key, YamlNode value)
    {
        var at = _index is not null ? _index[key.Value] : _entries.FindIndex(e => e.Key.Value == key.Value);
        _entries[at] = new YamlEntry(key, value);
        Contain(value);
    }

    public void Add(YamlScalar key, YamlNode value)
    {
        // Small mappings are the rule, and a scan is faster there; the index keeps a hostile one from going quadratic.
        if (_entries.Count == 16)
        {
            _index = [];
            for (var i = 0; i < _entries.Count; i++)
            {
                _index[_entries[i].Key.Value] = i;
            }
        }
        _index?[key.Value] = _entries.Count;
        _entries.Add(new YamlEntry(key, value));
        Contain(key);
        Contain(value);
    }
}

internal sealed class YamlSequence(int line, int column) : YamlNode(line, column)
{
    private readonly List<YamlNode> _items = [];

    public IReadOnlyList<YamlNode> Items => _items;

    public override string Describe() => "a list";

    public void Add(YamlNode item)
    {
        _items.Add(item);
        Contain(item);
    }
}
