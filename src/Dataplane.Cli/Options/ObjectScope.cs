using System.CommandLine;
using Dataplane.Api;

namespace Dataplane.Cli.Options;

/// <summary>The objects that a command line asks for: kinds or one name, a namespace, labels.</summary>
/// <param name="Namespace">Null for all namespaces.</param>
internal sealed record ObjectScope(ObjectNames Asked, string? Namespace, LabelFilter? Labels)
{
    public static Option<bool> AllNamespaces() =>
        new("--all-namespaces", "-A") { Description = "Of all namespaces" };

    /// <summary>
    /// True if the entry is asked for. Of all kinds in one namespace those outside namespaces are left out, as kubectl
    /// does; a cluster-scoped kind that is named has no namespace to be asked in.
    /// </summary>
    public bool Contains(ObjectEntry entry)
    {
        if (Asked.Kinds.FirstOrDefault(k => k.Name == entry.Kind) is not { } kind) return false;
        var isPlaced = Asked.Name is { } name ? entry.Name == name
            : kind.Namespaced ? Namespace is null || entry.Name.StartsWith($"{Namespace}/", StringComparison.Ordinal)
            : Namespace is null || !Asked.IsEverything;
        return isPlaced && Labels?.Matches(entry.Labels) is not false;
    }

    /// <summary>Says that there is none: <c>no pods in namespace default; -A shows all namespaces</c>.</summary>
    public string None() => $"no {Asked.Describe()}"
        + (Namespace is null || Asked.Name is not null || Asked.Kinds.All(k => !k.Namespaced)
            ? ""
            : $" in namespace {Namespace}; -A shows all namespaces");
}
