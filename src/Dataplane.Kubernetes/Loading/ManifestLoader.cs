using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading;
using Dataplane.Kubernetes.Text;

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

    private readonly LoadOptions _options;
    private readonly DiagnosticBag _bag;
    private readonly ObjectCollector _collector;
    private readonly SourceLoader _sources;
    private readonly string? _namespace;

    private ManifestLoader(LoadOptions options, string? ns = null)
    {
        _namespace = ns;
        _options = options;
        _bag = new DiagnosticBag(options.Ignore);
        _collector = new ObjectCollector(_bag);
        _sources = new SourceLoader(_bag, _collector);
    }

    /// <summary>Whether a file below a directory is read as a manifest, by its name.</summary>
    public static bool IsManifestName(string path) => ManifestFiles.IsManifestName(path);

    /// <summary>
    /// Loads files and directories (recursively, *.yaml, *.yml and *.json in ordinal order, without directories whose
    /// names begin with a dot); <c>-</c> is <paramref name="standardInput"/>. A file that several paths name is read
    /// once. A file below a directory that plainly holds no Kubernetes object is a note; named itself, an error.
    /// </summary>
    /// <param name="ns">The namespace of objects that name none; null for <c>default</c>, with a note where others
    /// name another.</param>
    /// <exception cref="ManifestPathException">A path cannot be read. Faults in the content are diagnostics
    /// instead.</exception>
    public static LoadResult Load(
        IReadOnlyList<string> paths, TextReader? standardInput = null, string? ns = null, LoadOptions? options = null)
    {
        var loader = new ManifestLoader(options ?? LoadOptions.None, ns);
        var exclude = new PathPatterns(loader._options.Exclude);
        var done = new HashSet<string>();
        foreach (var path in paths)
        {
            if (path != "-")
            {
                loader.LoadPath(path, exclude, done);
            }
            else if (done.Add(StandardInputName))
            {
                loader.LoadStandardInput(standardInput
                    ?? throw new ManifestPathException("-: there is no standard input"));
            }
        }
        if (done.Count == 0 && paths.Count > 0)
        {
            loader.ReportEmpty(paths[0], Severity.Error);
        }
        if (ns is null)
        {
            loader._bag.AddAll(MixedNamespaces.Of(loader._sources.Documents, loader._sources.Unplaced));
        }
        return loader.Result();
    }

    /// <summary>Loads the content of a file that the caller has read.</summary>
    /// <param name="bytes">Those of the file; more than <see cref="MaxFileBytes"/> are an error.</param>
    public static LoadResult LoadContent(string fileName, byte[] bytes)
    {
        var loader = new ManifestLoader(LoadOptions.None);
        loader.LoadBytes(fileName, bytes, isFound: false);
        loader._bag.AddAll(MixedNamespaces.Of(loader._sources.Documents, loader._sources.Unplaced));
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
        var loader = new ManifestLoader(LoadOptions.None);
        foreach (var text in texts)
        {
            loader.LoadNamed(text, SourceOrigin.Text);
        }
        return loader.Result();
    }

    /// <summary>Combines objects to a desired state, with the checks that concern more than one object.</summary>
    /// <param name="objects">As <see cref="ManifestDocument.Objects"/> has them.</param>
    public static LoadResult Combine(IEnumerable<KubernetesObject> objects)
    {
        var loader = new ManifestLoader(LoadOptions.None);
        foreach (var obj in objects)
        {
            loader._collector.Add(obj);
        }
        return loader.Result();
    }

    private LoadResult Result()
    {
        _sources.Finish();
        return new LoadResult(_collector.ToSet(), _bag.ToSortedList())
        {
            Sources = _sources.Sources,
            Documents = _sources.Documents,
        };
    }

    private void LoadPath(string path, PathPatterns exclude, HashSet<string> done)
    {
        var isDirectory = Directory.Exists(path);
        var files = ManifestFiles.Expand(path, exclude);
        var (empty, held) = (new List<string>(), isDirectory ? 0 : 1);
        foreach (var file in files.Where(f => done.Add(Path.GetFullPath(f))))
        {
            var found = LoadFile(file, isDirectory);
            held += found == SourceContent.Objects ? 1 : 0;
            if (found == SourceContent.Nothing)
            {
                empty.Add(_options.NameOf(file));
            }
        }
        if (isDirectory && held == 0)
        {
            done.Add(path);
            ReportEmpty(_options.NameOf(path), Severity.Error);
            return;
        }
        foreach (var file in isDirectory ? empty : [])
        {
            ReportEmpty(file, Severity.Note);
        }
    }

    private SourceContent LoadFile(string file, bool isFound) =>
        LoadBytes(_options.NameOf(file), ManifestFiles.Read(file, MaxFileBytes), isFound);

    private SourceContent LoadBytes(string name, byte[] bytes, bool isFound)
    {
        if (bytes.Length > MaxFileBytes)
        {
            ReportTooLarge(name);
        }
        else if (TextCheck.Decode(name, bytes, _bag) is { } text)
        {
            var source = new SourceText(name, text) { Namespace = _namespace };
            return isFound ? _sources.Load(source, SourceOrigin.Found) : LoadNamed(source, SourceOrigin.Named);
        }
        return SourceContent.Objects;
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
        LoadNamed(source, SourceOrigin.Text);
    }

    private SourceContent LoadNamed(SourceText source, SourceOrigin origin)
    {
        var found = _sources.Load(source, origin);
        if (found == SourceContent.Nothing)
        {
            ReportEmpty(source.File, Severity.Error);
        }
        return found;
    }

    private void ReportTooLarge(string file)
        => _bag.Add(new Diagnostic(Codes.TooLarge, Severity.Error, $"larger than {MaxFileBytes >> 20} MiB",
            new SourcePosition(file, 1, 1), Help: "split the file"));

    private void ReportEmpty(string path, Severity severity)
        => _bag.Add(new Diagnostic(Codes.NoObjects, severity, $"no Kubernetes objects in {path}",
            new SourcePosition(path, 1, 1)));
}
