using System.Text;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Daemon.State;

/// <summary>A YAML document as somebody gave it. Its text is as large as all the rest of a state, hence kept as bytes, of which it needs half as many.</summary>
/// <param name="watched">It is a part of this file of the manifest directory; null: it was applied.</param>
internal sealed class HeldDocument(ManifestDocument document, string? watched)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(document.Text);

    public string? Watched => watched;

    public string File { get; } = document.File;

    /// <summary>See <see cref="ManifestDocument"/>.</summary>
    public int FirstLine { get; } = document.FirstLine;
    public IReadOnlyList<KubernetesObject> Objects { get; } = document.Objects;
    public bool IsReadAlone { get; } = document.IsReadAlone;

    public ReadOnlySpan<byte> Utf8 => _text;

    /// <summary>Made for whoever asks.</summary>
    public string Text => Encoding.UTF8.GetString(_text);

    public bool HasText(string text) => Encoding.UTF8.GetByteCount(text) == _text.Length && Text == text;

    /// <summary>Text and place are the same.</summary>
    public bool Says(ManifestDocument other) => File == other.File && FirstLine == other.FirstLine && HasText(other.Text);

    /// <summary>The same of another.</summary>
    public bool Says(HeldDocument other) => File == other.File && FirstLine == other.FirstLine && Utf8.SequenceEqual(other.Utf8);
}
