using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>A label that a selector asks for and a template does not have.</summary>
/// <param name="Values">One of these would do.</param>
internal sealed record MissingLabel(string Key, IReadOnlyList<string> Values)
{
    /// <summary>The label as YAML, with the first value.</summary>
    public string Entry => $"{Key}: {YamlText.Word(Values[0])}";

    /// <summary>The edit that gives the template the label; null where it has no labels at all.</summary>
    public Fix? Added(MappingReader template)
    {
        if (template.Field("metadata") is not { Node: YamlMapping metadata } at
            || !metadata.TryGet("labels", out var labels)
            || labels.Value is not YamlMapping { Entries: [var first, ..] } mapping)
        {
            return null;
        }
        if (mapping.TryGet(Key, out var other))
        {
            return other.Value is YamlScalar ? at.Child(other.Value, at.Path).Replaced(YamlText.Word(Values[0])) : null;
        }
        var place = at.PlaceOf(first.Key);
        var behind = at.Text.IsFlow(at.PlaceOf(mapping)) ? ", " : $"\n{new string(' ', place.Column - 1)}";
        return new Fix(YamlText.Insert(place, Entry + behind));
    }
}
