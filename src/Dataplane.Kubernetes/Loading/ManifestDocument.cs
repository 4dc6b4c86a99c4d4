using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Loading;

/// <summary>One YAML document and the objects it declares.</summary>
/// <param name="FirstLine">The number, from 1, that the first line of <paramref name="Text"/> has in the file.</param>
/// <param name="Text">As written, without the <c>---</c> above it; loading it again gives the same objects at the same
/// places.</param>
/// <param name="Objects">The items of a list stand for the list; a Deployment or the like stands for itself.</param>
public sealed record ManifestDocument(string File, int FirstLine, string Text, IReadOnlyList<KubernetesObject> Objects)
{
    /// <summary>The namespace of objects that name none; null for <c>default</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>The text was read as it stands here, apart from the rest of its file.</summary>
    public bool IsReadAlone { get; init; }
}
