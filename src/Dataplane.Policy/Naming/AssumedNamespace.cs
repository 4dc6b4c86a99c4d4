using System.Diagnostics.CodeAnalysis;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>Labels of a namespace that is not loaded, written <c>NAME:k=v,k2=v2</c>.</summary>
public sealed record AssumedNamespace(string Name, IReadOnlyDictionary<string, string> Labels)
{
    private const string NameLabel = "kubernetes.io/metadata.name";

    private static readonly SourcePosition Nowhere = new("(question)", 1, 1);

    /// <param name="error">What is wrong, in one sentence.</param>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out AssumedNamespace? assumed, [NotNullWhen(false)] out string? error)
    {
        assumed = null;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? text : text[..colon];
        if (colon < 0)
        {
            error = "write NAME:k=v,k2=v2";
        }
        else if (Names.Label(name) is { } wrong)
        {
            error = $"\"{name}\" is not a valid namespace: {wrong}";
        }
        else if (LabelText.TryParse(text[(colon + 1)..], out var labels, out error))
        {
            if (labels.TryGetValue(NameLabel, out var given) && given != name)
            {
                error = $"the label {NameLabel} is always the name";
                return false;
            }
            assumed = new AssumedNamespace(name, new Dictionary<string, string>(labels) { [NameLabel] = name });
        }
        return assumed is not null;
    }

    /// <summary>
    /// The cluster with the namespace; unchanged where the namespace is loaded with these labels.
    /// </summary>
    /// <param name="error">Why it cannot be: the manifest of the namespace says otherwise.</param>
    public Cluster? AddTo(Cluster cluster, out string? error)
    {
        error = null;
        // A namespace that only its objects name has no manifest that could say otherwise.
        if (cluster.Namespaces.TryGetValue(Name, out var loaded) && !loaded.IsImplied)
        {
            var missing = Labels.Where(label => !loaded.Labels.Contains(label)).ToList();
            if (missing.Count == 0)
            {
                return cluster;
            }
            error = $"namespace {Name} is loaded, and has no label {missing[0].Key}={missing[0].Value} "
                + $"({loaded.Position.File}:{loaded.Position.Line})";
            return null;
        }
        return cluster with
        {
            Namespaces = new Dictionary<string, NamespaceObject>(cluster.Namespaces)
            {
                [Name] = new NamespaceObject(Name, Labels, loaded?.Position ?? Nowhere),
            },
        };
    }
}
