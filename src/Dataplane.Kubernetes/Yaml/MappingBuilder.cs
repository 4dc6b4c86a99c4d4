using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>
/// Puts a mapping together as the YAML library of Kubernetes does: entry by entry, a merge (<c>&lt;&lt;</c>) in its
/// place among them.
/// </summary>
internal sealed class MappingBuilder(YamlMapping mapping, string file, DiagnosticBag bag)
{
    /// <summary>Keys that come from a merge: a later entry may give them again.</summary>
    private HashSet<string>? _merged;

    /// <summary>Adds an entry; a key that was given before is an error.</summary>
    public void Add(YamlScalar key, YamlNode value)
    {
        key = Word(key);
        if (!mapping.TryGet(key.Value, out var first))
        {
            mapping.Add(key, value);
        }
        else if (_merged?.Remove(key.Value) is true)
        {
            mapping.Replace(key, value);
        }
        else
        {
            var before = PlaceOf(first.Key);
            bag.Add(new Diagnostic(Codes.DuplicateKey, Severity.Error,
                $"{Quote.Of(key.Value)} is given twice in one mapping", PlaceOf(key), key.Length,
                $"again here; first in line {before.Line}, column {before.Column}",
                "other tools silently keep only one of the two",
                "keep one, or merge what is under them")
            { Related = new RelatedPlace(before, first.Key.Length, "first here") });
        }
    }

    /// <summary>
    /// Adds the entries of a mapping, or of a list of mappings, of which the first wins. They take the place of equal
    /// keys in front of them.
    /// </summary>
    public void Merge(YamlNode value)
    {
        var all = (value is YamlSequence list ? list.Items : [value]).OfType<YamlMapping>().ToList();
        if (all.Count != (value as YamlSequence)?.Items.Count && value is not YamlMapping)
        {
            bag.Add(new Diagnostic(Codes.Syntax, Severity.Error,
                "the merge key `<<` takes a mapping, or a list of them", PlaceOf(value),
                Help: "put quotes around `<<` if it is plain text"));
            return;
        }
        foreach (var entry in all.AsEnumerable().Reverse().SelectMany(m => m.Entries))
        {
            (_merged ??= []).Add(entry.Key.Value);
            if (mapping.TryGet(entry.Key.Value, out _))
            {
                mapping.Replace(entry.Key, entry.Value);
            }
            else
            {
                mapping.Add(entry.Key, entry.Value);
            }
        }
    }

    /// <summary>Keys are words in Kubernetes: a boolean or a number becomes one.</summary>
    private YamlScalar Word(YamlScalar key)
    {
        if (key.Kind is ScalarKind.String || PlainScalar.WordOf(key.Value, key.Kind) is not { } word
            || word == key.Value)
        {
            return key;
        }
        bag.Add(new Diagnostic(Codes.ReadDifferently, Severity.Warning,
            $"the key {Quote.Of(key.Value)} is read as {Quote.Of(word)}", PlaceOf(key), key.Length,
            $"read as {Quote.Of(word)}", key.Trap, $"put quotes around it: \"{key.Value}\""));
        return new YamlScalar(key.Line, key.Column, word, ScalarKind.String, quoted: false, key.Length);
    }

    private SourcePosition PlaceOf(YamlNode node) => new(file, node.Line, node.Column);
}
