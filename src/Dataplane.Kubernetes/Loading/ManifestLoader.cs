using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading;

/// <summary>
/// Loads Kubernetes manifests as strictly as the API server takes them, and stricter: unknown fields are errors, and a
/// policy that is not understood is never ignored. Every problem of every file is reported in one run.
/// </summary>
public sealed class ManifestLoader
{
    /// <summary>Bytes (characters from standard input) a file may have: 64 MiB.</summary>
    public const int MaxFileBytes = 64 << 20;

    private const string StandardInputName = "<stdin>";

    private readonly DiagnosticBag _bag = new();
    private readonly Dictionary<string, SourceText> _sources = [];
    private readonly List<ManifestDocument> _documents = [];
    private readonly ObjectCollector _collector;
    private readonly List<KubernetesObject> _unplaced = [];
    private readonly string? _namespace;

    private ManifestLoader(string? ns = null) => (_collector, _namespace) = (new ObjectCollector(_bag), ns);

    /// <summary>
    /// Loads files and directories (recursively, *.yaml, *.yml and *.json in ordinal order); <c>-</c> is
    /// <paramref name="standardInput"/>. A file that several paths name is read once.
    /// </summary>
    /// <param name="ns">The namespace of objects that name none; null for <c>default</c>, with a note where others
    /// name another.</param>
    /// <exception cref="ManifestPathException">A path cannot be read. Faults in the content are diagnostics
    /// instead.</exception>
    public static LoadResult Load(
        IReadOnlyList<string> paths, TextReader? standardInput = null, string? ns = null)
    {
        var loader = new ManifestLoader(ns);
        var done = new HashSet<string>();
        foreach (var path in paths)
        {
            if (path == "-")
            {
                if (done.Add(StandardInputName))
                {
                    loader.LoadStandardInput(standardInput
                        ?? throw new ManifestPathException("-: there is no standard input"));
                }
                continue;
            }
            loader.LoadPath(path, done);
        }
        if (ns is null) loader._bag.AddAll(MixedNamespaces.Of(loader._documents, loader._unplaced));
        return loader.Result();
    }

    /// <summary>Loads one text as if it were the content of <paramref name="fileName"/>.</summary>
    public static LoadResult LoadText(string fileName, string text) => LoadTexts([(fileName, text)]);

    /// <summary>Loads several texts as if each were the content of the file it is named after.</summary>
    public static LoadResult LoadTexts(IEnumerable<(string FileName, string Text)> texts) =>
        LoadTexts(texts.Select(t => new SourceText(t.FileName, t.Text)));

    /// <summary>Loads texts that may be parts of files.</summary>
    public static LoadResult LoadTexts(IEnumerable<SourceText> texts)
    {
        var loader = new ManifestLoader();
        foreach (var text in texts)
        {
            if (loader.LoadSource(text) == 0)
            {
                loader.ReportEmpty(text.File, Severity.Error);
            }
        }
        return loader.Result();
    }

    /// <summary>Combines objects to a desired state, with the checks that concern more than one object.</summary>
    /// <param name="objects">As <see cref="ManifestDocument.Objects"/> has them.</param>
    public static LoadResult Combine(IEnumerable<KubernetesObject> objects)
    {
        var loader = new ManifestLoader();
        foreach (var obj in objects)
        {
            loader._collector.Add(obj);
        }
        return loader.Result();
    }

    private LoadResult Result() =>
        new(_collector.ToSet(), _bag.ToSortedList()) { Sources = _sources, Documents = _documents };

    private void LoadPath(string path, HashSet<string> done)
    {
        var files = ManifestFiles.Expand(path);
        var empty = new List<string>();
        foreach (var file in files.Where(f => done.Add(Path.GetFullPath(f))))
        {
            var bytes = ManifestFiles.Read(file, MaxFileBytes);
            if (bytes.Length > MaxFileBytes)
            {
                ReportTooLarge(file);
            }
            else if (TextCheck.Decode(file, bytes, _bag) is { } text
                && LoadSource(new SourceText(file, text) { Namespace = _namespace }) == 0)
            {
                empty.Add(file);
            }
        }
        if (files.Count == empty.Count)
        {
            ReportEmpty(path, Severity.Error);
            return;
        }
        foreach (var file in empty)
        {
            ReportEmpty(file, Severity.Note);
        }
    }

    private void LoadStandardInput(TextReader input)
    {
        var text = new System.Text.StringBuilder();
        var buffer = new char[32768];
        while (input.Read(buffer, 0, buffer.Length) is var n and > 0)
        {
            if (text.Append(buffer, 0, n).Length > MaxFileBytes)
            {
                ReportTooLarge(StandardInputName);
                return;
            }
        }
        var source = new SourceText(StandardInputName, text.ToString()) { Namespace = _namespace };
        if (LoadSource(source) == 0)
        {
            ReportEmpty(StandardInputName, Severity.Error);
        }
    }

    /// <returns>The number of objects seen and faults found; 0: the text is empty.</returns>
    private int LoadSource(SourceText source)
    {
        _sources[source.File] = _sources.TryGetValue(source.File, out var other)
            ? source.Before(other) : source;
        var before = _bag.Count;
        var seen = !TextCheck.IsPrintable(source, _bag)
            ? 0 : (DocumentParts.Of(source) is { } parts ? ReadApart(parts) : null) ?? ReadInTurn(source);
        return seen + _bag.Count - before;
    }

    /// <summary>Reads each document on its own, several at a time.</summary>
    /// <returns>The number of objects seen; null: a document has an error, which <see cref="ReadInTurn"/>
    /// reports.</returns>
    private int? ReadApart(IReadOnlyList<SourceText> parts)
    {
        var read = Concurrent.Map(parts, ReadDocument);
        if (Array.Exists(read, r => r is null))
        {
            return null;
        }
        foreach (var document in read)
        {
            _bag.Add(document!.Bag);
            Keep(document.Document);
            _unplaced.AddRange(document.Unplaced);
            document.Services.ForEach(_collector.Add);
        }
        return read.Sum(r => r!.Seen);
    }

    private sealed record ReadPart(
        ManifestDocument Document, IReadOnlyList<KubernetesObject> Unplaced, List<ServiceObject> Services,
        DiagnosticBag Bag, int Seen);

    private static ReadPart? ReadDocument(SourceText part)
    {
        var bag = new DiagnosticBag();
        var documents = new YamlDocumentReader(part, bag);
        var dispatcher = new ObjectDispatcher(part, bag);
        if (documents.TryRead(out var document))
        {
            dispatcher.Read(document);
            if (documents.TryRead(out _))
            {
                return null;
            }
        }
        return bag.HasErrors ? null
            : new ReadPart(new ManifestDocument(part.File, part.FirstLine, part.Text,
                [.. dispatcher.Objects]) { IsReadAlone = true, Namespace = part.Namespace }, dispatcher.Unplaced,
                dispatcher.Services, bag, dispatcher.Seen);
    }

    /// <summary>Reads the documents in order; a fault in one does not hide the faults of the next.</summary>
    private int ReadInTurn(SourceText source)
    {
        var dispatcher = new ObjectDispatcher(source, _bag);
        var documents = new YamlDocumentReader(source, _bag);
        var slices = new DocumentSlices(source);
        while (documents.TryRead(out var document))
        {
            var (text, line) = slices.Next(documents.DocumentLine);
            var known = dispatcher.Objects.Count;
            dispatcher.Read(document);
            Keep(new ManifestDocument(source.File, line, text, [.. dispatcher.Objects[known..]])
            {
                Namespace = source.Namespace,
            });
        }
        _unplaced.AddRange(dispatcher.Unplaced);
        dispatcher.Services.ForEach(_collector.Add);
        return dispatcher.Seen;
    }

    private void Keep(ManifestDocument document)
    {
        if (document.Objects.Count == 0)
        {
            return;
        }
        _documents.Add(document);
        foreach (var obj in document.Objects)
        {
            _collector.Add(obj);
        }
    }

    private void ReportTooLarge(string file)
        => _bag.Add(new Diagnostic(Codes.TooLarge, Severity.Error, $"larger than {MaxFileBytes >> 20} MiB",
            new SourcePosition(file, 1, 1), Help: "split the file"));

    private void ReportEmpty(string path, Severity severity)
        => _bag.Add(new Diagnostic(Codes.NoObjects, severity, $"no Kubernetes objects in {path}",
            new SourcePosition(path, 1, 1)));
}
