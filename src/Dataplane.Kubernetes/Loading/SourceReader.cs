using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Reading;
using Dataplane.Kubernetes.Reading.Foreign;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading;

/// <summary>One text, read: its documents with objects, what else it holds, and what was found about it.</summary>
internal sealed class SourceReader
{
    private SourceReader(IReadOnlyList<string> ignored) => Bag = new DiagnosticBag(ignored);

    public DiagnosticBag Bag { get; }

    public ReadOutcome Outcome { get; } = new();

    /// <summary>The documents that hold objects, in order.</summary>
    public List<ManifestDocument> Documents { get; } = [];

    /// <param name="ignored">See <see cref="LoadOptions.Ignore"/>.</param>
    public static SourceReader Read(SourceText source, IReadOnlyList<string> ignored) =>
        (DocumentParts.Of(source) is { } parts ? ReadApart(parts, ignored) : null) ?? ReadInTurn(source, ignored);

    /// <summary>Reads each document on its own, several at a time.</summary>
    /// <returns>Null: a document has an error, which <see cref="ReadInTurn"/> reports.</returns>
    private static SourceReader? ReadApart(IReadOnlyList<SourceText> parts, IReadOnlyList<string> ignored)
    {
        var read = Concurrent.Map(parts, part => ReadDocument(part, ignored));
        if (Array.Exists(read, r => r is null))
        {
            return null;
        }
        var all = new SourceReader(ignored);
        foreach (var part in read)
        {
            all.Bag.Add(part!.Bag);
            all.Outcome.Add(part.Outcome);
            all.Documents.AddRange(part.Documents);
        }
        return all;
    }

    private static SourceReader? ReadDocument(SourceText part, IReadOnlyList<string> ignored)
    {
        var result = new SourceReader(ignored);
        var documents = new YamlDocumentReader(part, result.Bag);
        var dispatcher = new ObjectDispatcher(part, result.Bag, result.Outcome);
        if (documents.TryRead(out var document))
        {
            dispatcher.ReadDocument(document);
            if (documents.TryRead(out _))
            {
                return null;
            }
        }
        if (result.Bag.HasErrors)
        {
            return null;
        }
        var text = LeftOutItems.Blank(part, result.Outcome.LeftOut);
        result.Keep(new ManifestDocument(part.File, part.FirstLine, text, [.. result.Outcome.Objects])
        {
            IsReadAlone = true,
            Namespace = part.Namespace,
        });
        return result;
    }

    /// <summary>Reads the documents in order; a fault in one does not hide the faults of the next.</summary>
    private static SourceReader ReadInTurn(SourceText source, IReadOnlyList<string> ignored)
    {
        var result = new SourceReader(ignored);
        var dispatcher = new ObjectDispatcher(source, result.Bag, result.Outcome);
        var documents = new YamlDocumentReader(source, result.Bag);
        var slices = new DocumentSlices(source);
        while (true)
        {
            var errors = result.Bag.Errors;
            var more = documents.TryRead(out var document);
            if (result.Bag.Errors > errors)
            {
                result.Outcome.Unseen.Add(Missing.OfText(source.Text));
            }
            if (!more)
            {
                return result;
            }
            var (text, line) = slices.Next(documents.DocumentLine);
            var (known, left) = (result.Outcome.Objects.Count, result.Outcome.LeftOut.Count);
            dispatcher.ReadDocument(document!);
            text = LeftOutItems.Blank(new SourceText(source.File, text, line), result.Outcome.LeftOut[left..]);
            result.Keep(new ManifestDocument(source.File, line, text, [.. result.Outcome.Objects[known..]])
            {
                Namespace = source.Namespace,
            });
        }
    }

    private void Keep(ManifestDocument document)
    {
        if (document.Objects.Count > 0)
        {
            Documents.Add(document);
        }
    }
}
