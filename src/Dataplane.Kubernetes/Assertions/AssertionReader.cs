using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Assertions;

/// <summary>
/// Assertion files: <c>{manifests: [..], external: [..], default: allow|deny, expect: [{from, to, port, want}]}</c>, or
/// <c>steps:</c> of the same with a <c>name</c>. What may be a list may also be one item.
/// </summary>
public static class AssertionReader
{
    private static readonly string[] Verdicts = ["allow", "deny"], All = ["allow", "deny", "refused", "partial"];
    private static readonly FieldTable Expected = new("expectation", "from", "to", "port", "want");
    private static readonly FieldTable Selected = new("pod selection", "namespace",
        new Field("labels", FieldShape.Map));
    private static readonly FieldTable Step = new("step", "name", "manifests", "external", "default",
        new Field("expect", FieldShape.List, Expected));
    private static readonly FieldTable Root = new("assertion file",
        "manifests", "external", "default", new Field("expect", FieldShape.List, Expected),
        new Field("steps", FieldShape.List, Step));

    /// <summary>Null where a diagnostic is an error. Nothing is thrown, whatever the text.</summary>
    public static AssertionFile? Read(string fileName, string text, out IReadOnlyList<Diagnostic> diagnostics)
    {
        var bag = new DiagnosticBag();
        var file = ReadDocuments(new SourceText(fileName, text), bag);
        diagnostics = bag.ToSortedList();
        return diagnostics.Any(d => d.Severity == Severity.Error) ? null : file;
    }

    /// <summary>
    /// Whether the text is meant as an assertion file: its first document has <c>expect</c> or <c>steps</c>, and no
    /// <c>kind</c>.
    /// </summary>
    public static bool Recognises(string text) =>
        new YamlDocumentReader(new SourceText("", text), new DiagnosticBag()).TryRead(out var document)
        && document is YamlMapping root && !root.TryGet("kind", out _)
            && (root.TryGet("expect", out _) || root.TryGet("steps", out _));

    private static AssertionFile? ReadDocuments(SourceText source, DiagnosticBag bag)
    {
        if (!TextCheck.IsPrintable(source, bag))
        {
            return null;
        }
        var documents = new YamlDocumentReader(source, bag);
        if (!documents.TryRead(out var document))
        {
            bag.Add(new Diagnostic(Codes.NoObjects, Severity.Error, "no assertions",
                new SourcePosition(source.File, 1, 1)));
            return null;
        }
        var file = ReadRoot(new NodeReader(source, bag, document, NodePath.Root("file")));
        while (documents.TryRead(out var more))
        {
            new NodeReader(source, bag, more, NodePath.Root("file")).Error(
                Codes.NotOneOf, "an assertion file is one document", help: "use `steps:`, or another file");
        }
        return file;
    }

    private static AssertionFile? ReadRoot(NodeReader at)
    {
        if (at.Mapping(Root) is not { } root)
        {
            return null;
        }
        if (root.Field("steps") is not { } steps)
        {
            return new AssertionFile([ReadStep(root, null)], at.Position);
        }
        if (root.Field("expect") is not null)
        {
            root.Key("expect").Error(Codes.UnknownField, "`expect` beside `steps`", help: "put it into a step");
        }
        var all = steps.Items().Select(step => step.Mapping(Step)).OfType<MappingReader>()
            .Select(step => ReadStep(step, root)).ToList();
        if (all.Count == 0)
        {
            steps.Error(Codes.MissingField, "no steps", help: "write at least one");
        }
        return new AssertionFile(all, at.Position);
    }

    private static AssertionStep ReadStep(MappingReader step, MappingReader? file)
    {
        var wanted = step.Field("default") ?? file?.Field("default");
        if (step.Field("expect") is null && wanted is null)
        {
            step.Self.Error(Codes.MissingField, "nothing is expected", help: "write `expect:`, `default:`, or both");
        }
        return new AssertionStep(
            step.Field("name") is { } name ? Word(name) : null,
            [.. new[] { file, step }.OfType<MappingReader>().SelectMany(from => OneOrMore(from.Field("manifests")))
                .Select(Word).OfType<string>()],
            [.. new[] { file, step }.OfType<MappingReader>().SelectMany(from => OneOrMore(from.Field("external")))
                .Select(ReadText).OfType<EndpointPattern>()],
            wanted is { } word ? Verdict(word) : null,
            [.. step.Items("expect").Select(ReadExpectation).OfType<Expectation>()],
            step.Position);
    }

    private static Expectation? ReadExpectation(NodeReader at)
    {
        if (at.Mapping(Expected) is not { } expected)
        {
            return null;
        }
        var (from, to, want) = (expected.Required("from"), expected.Required("to"),
            expected.Required("want", "allow or deny; of a Service also refused or partial"));
        var ports = OneOrMore(expected.Field("port")).Select(ReadPort).OfType<PortPattern>().ToList();
        var wanted = want is { } word && Words.Read(word, All) is { } text
            ? Enum.Parse<Wanted>(text, ignoreCase: true) : (Wanted?)null;
        return wanted is null ? null
            : new Expectation(Endpoints(from), Endpoints(to), ports, wanted.Value, at.Position);
    }

    private static List<EndpointPattern> Endpoints(NodeReader? at)
    {
        var found = OneOrMore(at).Select(ReadEndpoint).OfType<EndpointPattern>().ToList();
        if (at is { Node: YamlSequence { Items.Count: 0 } } empty)
        {
            empty.Error(Codes.InvalidValue, $"{empty.Path}: an empty list names nobody");
        }
        return found;
    }

    private static EndpointPattern? ReadEndpoint(NodeReader at)
    {
        if (at.Node is not YamlMapping)
        {
            return ReadText(at);
        }
        if (at.Mapping(Selected) is not { } selected)
        {
            return null;
        }
        var requirements = selected.Field("labels") is { } labels
            ? Labels.Entries(labels).Select(l =>
                new SelectorRequirement(l.Key, SelectorOperator.In, [l.Value], l.Position)).ToList() : [];
        return new EndpointPattern(null, selected.Field("namespace") is { } ns ? Word(ns) : null,
            new LabelSelector(requirements, at.Position), at.Position);
    }

    private static EndpointPattern? ReadText(NodeReader at) =>
        Word(at) is { } text ? new EndpointPattern(text, null, null, at.Position) : null;

    private static PortPattern? ReadPort(NodeReader at) =>
        at.Node is YamlScalar { Kind: ScalarKind.Integer or ScalarKind.Float }
        ? Ports.Number(at) is { } number ? new PortPattern($"TCP:{number}", at.Position) : null
        : Word(at) is { } text ? new PortPattern(text, at.Position) : null;

    /// <summary>These files are no manifests: a namespace <c>y</c> needs no quotes in them.</summary>
    private static string? Word(NodeReader at) =>
        at.Node is YamlScalar { Kind: ScalarKind.Boolean } word ? word.Value : at.String();

    private static bool? Verdict(NodeReader at) => Words.Read(at, Verdicts) is { } word ? word == "allow" : null;

    private static IReadOnlyList<NodeReader> OneOrMore(NodeReader? at) =>
        at is not { } found ? [] : found.Node is YamlSequence ? found.Items() : [found];
}
