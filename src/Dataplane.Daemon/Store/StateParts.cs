using System.Text;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;

namespace Dataplane.Daemon.Store;

/// <summary>A file of the store, its documents unread.</summary>
internal sealed record StateParts(long Generation, IReadOnlyList<ObjectKey> Deleted, Leases Leases, IReadOnlyList<DocumentPart> Documents);

/// <param name="Utf8">The document's text.</param>
/// <param name="Only">The objects of it that count; null: all.</param>
internal sealed record DocumentPart(string File, int FirstLine, bool IsWatched, IReadOnlyList<ObjectKey>? Only, byte[] Utf8)
{
    /// <exception cref="FormatException">The document cannot be read.</exception>
    public StoredDocument Load()
    {
        var text = Encoding.UTF8.GetString(Utf8);
        var loaded = ManifestLoader.LoadTexts([new SourceText(File, text, FirstLine)]);
        if (loaded.Diagnostics.FirstOrDefault(d => d.Severity == Severity.Error) is { } wrong)
            throw new FormatException($"it has a document that cannot be loaded: {wrong.Position}: {wrong.Message}");
        if (loaded.Documents is not [var document]) throw new FormatException($"it has {loaded.Documents.Count} documents in place of one: {File}:{FirstLine}");
        // What was written is what was held: the marker line is a part of neither.
        var held = new HeldDocument(document with { Text = text, FirstLine = FirstLine }, IsWatched ? document.File : null);
        return new StoredDocument(held, Only?.ToHashSet() is { } only ? [.. document.Objects.Where(o => only.Contains(ObjectKey.Of(o)))] : document.Objects);
    }

    /// <summary>Whether this is what a document was written as: reading it gives the same again.</summary>
    /// <exception cref="FormatException">The document cannot be read.</exception>
    public bool Says(StoredDocument written) =>
        (File, FirstLine, IsWatched ? File : null) == (written.Held.File, written.Held.FirstLine, written.Held.Watched) && written.Held.Utf8.SequenceEqual(Utf8)
        && (Only?.SequenceEqual(written.Objects.Select(ObjectKey.Of)) ?? !written.IsPart)
        // What was read by itself was read from this text.
        && (written.Held.IsReadAlone || Load().Says(written));
}
