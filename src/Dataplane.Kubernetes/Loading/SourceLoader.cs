using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading.Foreign;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading;
using Dataplane.Kubernetes.Reading.Foreign;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Loading;

/// <summary>Where a text comes from: what is tolerated depends on it.</summary>
internal enum SourceOrigin
{
    /// <summary>Standard input, or a text that need not be on this machine.</summary>
    Text,
    /// <summary>A file that was named itself.</summary>
    Named,
    /// <summary>A file found below a directory, which may hold something else.</summary>
    Found,
}

/// <summary>What a text turned out to hold.</summary>
internal enum SourceContent
{
    Nothing,
    /// <summary>Something else than Kubernetes objects, which is reported.</summary>
    Other,
    /// <summary>Objects, or what may be objects with faults.</summary>
    Objects,
}

/// <summary>Reads texts one after the other, and tells manifests from files of other programs.</summary>
internal sealed class SourceLoader(DiagnosticBag bag, ObjectCollector collector)
{
    /// <summary>Characters of a file from which on it is parsed only if it may hold an object.</summary>
    private const int Large = 1 << 18;

    private readonly Dictionary<string, SourceText> _sources = [];
    private readonly List<ManifestDocument> _documents = [];
    private readonly List<KubernetesObject> _unplaced = [];
    private readonly OtherFiles _others = new(bag);
    private readonly Surroundings _around = new();

    public IReadOnlyDictionary<string, SourceText> Sources => _sources;

    public IReadOnlyList<ManifestDocument> Documents => _documents;

    /// <summary>Objects that could name a namespace and name none.</summary>
    public IReadOnlyList<KubernetesObject> Unplaced => _unplaced;

    /// <summary>Reports what concerns several files: once, after all of them.</summary>
    public void Finish() => _others.Finish();

    public SourceContent Load(SourceText source, SourceOrigin origin)
    {
        if (origin == SourceOrigin.Text || PartOf(source, origin) is not { } part)
        {
            return Read(source, origin);
        }
        _ = origin == SourceOrigin.Found ? source : Keep(source);
        return Leave(source, part, null, origin);
    }

    /// <summary>What the file is a part of, by the files around it; null where it stands for itself.</summary>
    private FileKind? PartOf(SourceText source, SourceOrigin origin)
    {
        if (Templates.IsIn(source.Text) && _around.IsTemplate(source.File))
        {
            return FileKind.Template(_around.ChartOf(source.File)!);
        }
        return origin == SourceOrigin.Found && _around.UserOf(source.File) is { } directory
            ? FileKind.PartOfKustomization(directory) : null;
    }

    private SourceContent Read(SourceText source, SourceOrigin origin)
    {
        if (!TextCheck.IsPrintable(source, bag))
        {
            Keep(source);
            return SourceContent.Objects;
        }
        var isFound = origin == SourceOrigin.Found;
        if (isFound && source.Text.Length >= Large && !FileKinds.MayHoldObjects(source.Text))
        {
            return Leave(source, KindOfText(source), null, origin);
        }
        var read = SourceReader.Read(source, bag.Ignored);
        var seen = read.Outcome.Seen;
        if (isFound && (Templates.Explain(read.Bag, source) ? FileKind.NotFilledIn : NotYaml(read, source)) is { } kind)
        {
            return Leave(source, kind, null, origin);
        }
        var others = read.Outcome.NoObjects;
        if (isFound && seen == 0 && others is [var first, ..] && !read.Bag.HasErrors)
        {
            return Leave(source, KindOf(source, first, origin) ?? FileKind.Other, first, origin);
        }
        foreach (var document in others)
        {
            if (KindOf(source, document, origin) is { } known)
            {
                Leave(source, known, document, origin);
            }
            else
            {
                new ObjectDispatcher(source, read.Bag, read.Outcome).Read(document, null);
            }
        }
        if (read.Outcome.Seen == 0 && read.Bag.Count == 0)
        {
            // Of a file that was named itself, what is wrong is shown.
            _ = isFound ? source : Keep(source);
            return others.Count == 0 ? SourceContent.Nothing : SourceContent.Other;
        }
        Take(read);
        Keep(source);
        return SourceContent.Objects;
    }

    /// <summary>A text that is no YAML and could hold no object if it were; null for any other.</summary>
    private static FileKind? NotYaml(SourceReader read, SourceText source) =>
        read.Bag.HasErrors && read.Bag.Found.All(d => d.Severity != Severity.Error || d.Code[0] == 'Y')
        && !FileKinds.MayHoldObjects(source.Text) ? KindOfText(source) : null;

    private static FileKind KindOfText(SourceText source) =>
        FileKinds.Of(source.File, null, null) ?? FileKinds.OfText(source.Text) ?? FileKind.Other;

    private FileKind? KindOf(SourceText source, YamlNode document, SourceOrigin origin) => FileKinds.Of(source.File,
        document, origin == SourceOrigin.Text ? null : _around.KustomizationOf(source.File));

    private SourceContent Leave(SourceText source, FileKind kind, YamlNode? document, SourceOrigin origin)
    {
        if (document is not null && NestedObjects.InDocument(document).FirstOrDefault() is { Kind: { } inside })
        {
            kind = kind with { What = $"{kind.What} with a {inside} inside" };
            collector.Miss(Missing.Anything);
        }
        else if (kind.MakesObjects && !(document is not null && Kustomization.IsPlain(document)))
        {
            collector.Miss(Missing.Anything);
        }
        if (origin == SourceOrigin.Found && kind.IsOfChart && _around.ChartOf(source.File) is { } chart)
        {
            _others.AddToChart(chart, source.File, kind.IsTemplate);
        }
        else
        {
            var at = new SourcePosition(source.File, document?.Line ?? source.FirstLine, document?.Column ?? 1);
            _others.Add(kind, at, isNamed: origin != SourceOrigin.Found);
        }
        return SourceContent.Other;
    }

    private SourceText Keep(SourceText source) =>
        _sources[source.File] = _sources.TryGetValue(source.File, out var other)
            ? source.Before(other) : source;

    private void Take(SourceReader read)
    {
        bag.Add(read.Bag);
        _unplaced.AddRange(read.Outcome.Unplaced);
        _documents.AddRange(read.Documents);
        foreach (var obj in read.Documents.SelectMany(d => d.Objects))
        {
            collector.Add(obj, isBroken: read.Outcome.Broken.Contains(obj));
        }
        foreach (var unseen in read.Outcome.Unseen)
        {
            collector.Miss(unseen);
        }
    }
}
