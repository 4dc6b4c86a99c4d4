using System.Text;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Control.State;

/// <summary>
/// A YAML document as it was given. The texts are as large as the rest of a state together, hence they are kept as
/// UTF-8, which takes half as many bytes as a string.
/// </summary>
/// <param name="watched">The file of the manifest directory that the document belongs to; null: it was applied.</param>
/// <param name="isAttachment">It is a container's pod, see <see cref="HeldAttachment"/>.</param>
public sealed class HeldDocument(ManifestDocument document, string? watched, bool isAttachment = false)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(document.Text);

    /// <summary>The file of the manifest directory that the document belongs to; null: it was applied.</summary>
    public string? Watched => watched;

    /// <summary>It is a container's pod, see <see cref="HeldAttachment"/>.</summary>
    public bool IsAttachment => isAttachment;

    public string File { get; } = document.File;

    /// <summary>See <see cref="ManifestDocument"/>.</summary>
    public int FirstLine { get; } = document.FirstLine;

    /// <summary>See <see cref="ManifestDocument"/>.</summary>
    public string? Namespace { get; } = document.Namespace;

    public IReadOnlyList<KubernetesObject> Objects { get; } = document.Objects;

    public bool IsReadAlone { get; } = document.IsReadAlone;

    public ReadOnlySpan<byte> Utf8 => _text;

    /// <summary>A new string at each call.</summary>
    public string Text => Encoding.UTF8.GetString(_text);

    public bool HasText(string text) => Encoding.UTF8.GetByteCount(text) == _text.Length && Text == text;

    /// <summary>Whether text, place and namespace are the same.</summary>
    public bool Says(ManifestDocument other) =>
        (File, FirstLine, Namespace) == (other.File, other.FirstLine, other.Namespace) && HasText(other.Text);

    /// <inheritdoc cref="Says(ManifestDocument)"/>
    public bool Says(HeldDocument other) =>
        (File, FirstLine, Namespace) == (other.File, other.FirstLine, other.Namespace)
            && Utf8.SequenceEqual(other.Utf8);
}
