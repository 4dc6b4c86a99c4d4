using System.Text;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;

namespace Dataplane.Control.Store;

/// <summary>A file of the store, split into parts; the manifests are not parsed yet.</summary>
internal sealed record StateParts(
    long Generation, IReadOnlyList<ObjectKey> Deleted, Leases Leases, IReadOnlyList<DocumentPart> Documents)
{
    public StateRecords Records { get; init; } = StateRecords.None;
}

/// <param name="Utf8">The document's text.</param>
/// <param name="Only">The objects of the document that are part of the state; null: all.</param>
internal sealed record DocumentPart(
    string File, int FirstLine, bool IsWatched, IReadOnlyList<ObjectKey>? Only, byte[] Utf8)
{
    /// <summary>The namespace of objects that name none; null for <c>default</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>It is a container's pod, see <see cref="HeldAttachment"/>.</summary>
    public bool IsAttachment { get; init; }

    /// <summary>Parses the document.</summary>
    /// <exception cref="FormatException">It has errors.</exception>
    public StoredDocument Load()
    {
        var text = Encoding.UTF8.GetString(Utf8);
        var loaded = ManifestLoader.LoadTexts([new SourceText(File, text, FirstLine) { Namespace = Namespace }]);
        if (loaded.Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error) is { } wrong)
            throw new FormatException($"it has a document that cannot be loaded: {wrong.Position}: {wrong.Message}");
        if (loaded.Documents is not [var document])
            throw new FormatException($"it has {loaded.Documents.Count} documents in place of one: {File}:{FirstLine}");
        // The file's text is exactly the held text: the marker line belongs to neither.
        var exact = document with { Text = text, FirstLine = FirstLine };
        var held = new HeldDocument(exact, IsWatched ? document.File : null, IsAttachment);
        if (IsAttachment) _ = HeldAttachment.Of(held);
        return new StoredDocument(held, Only?.ToHashSet() is { } only
            ? [.. document.Objects.Where(o => only.Contains(ObjectKey.Of(o)))] : document.Objects);
    }

    /// <summary>Whether loading this part gives the document that it was written from.</summary>
    /// <exception cref="FormatException">The document cannot be read.</exception>
    public bool Says(StoredDocument written) =>
        (File, FirstLine, IsWatched ? File : null) == (written.Held.File, written.Held.FirstLine, written.Held.Watched)
        && IsAttachment == written.Held.IsAttachment && Namespace == written.Held.Namespace
        && written.Held.Utf8.SequenceEqual(Utf8)
        && (Only?.SequenceEqual(written.Objects.Select(ObjectKey.Of)) ?? !written.IsPart)
        // A document that was read alone was read from exactly this text; parsing it again cannot differ.
        && (written.Held.IsReadAlone || Load().Says(written));
}
