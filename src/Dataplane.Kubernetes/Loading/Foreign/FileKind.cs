namespace Dataplane.Kubernetes.Loading.Foreign;

/// <summary>What a file is that holds no Kubernetes objects.</summary>
/// <param name="What">As in "this is a kustomization".</param>
/// <param name="Render">The command that makes manifests of it; null where there is none.</param>
internal readonly record struct FileKind(string What, string? Render = null)
{
    /// <summary>Objects come of it that are not seen here.</summary>
    public bool MakesObjects { get; private init; }

    /// <summary>It belongs to a chart, if there is one around it.</summary>
    public bool IsOfChart { get; private init; }

    public bool IsTemplate { get; private init; }

    private const string Pipe = " | dataplane validate -";

    public static readonly FileKind Other = new("not a Kubernetes object (neither apiVersion nor kind)");

    public static readonly FileKind NotFilledIn = new("a template that is not filled in")
    {
        MakesObjects = true,
    };

    public static FileKind Kustomization(string directory) =>
        new("a kustomization", $"kustomize build {directory}{Pipe}") { MakesObjects = true };

    public static FileKind PartOfKustomization(string directory) =>
        Kustomization(directory) with { What = "a part of a kustomization", MakesObjects = false };

    public static FileKind JsonPatch(string? kustomization) =>
        new("a JSON patch", kustomization is null ? null : Kustomization(kustomization).Render);

    public static FileKind Chart(string directory, int templates) =>
        new(templates == 0 ? "a Helm chart" : $"a Helm chart with {templates} template{(templates == 1 ? "" : "s")}",
            $"helm template {directory}{Pipe}")
        {
            MakesObjects = true,
            IsOfChart = true,
        };

    public static FileKind Template(string chart) =>
        Chart(chart.Length == 0 ? "." : chart, 0) with { What = "a template of a Helm chart", IsTemplate = true };

    public static FileKind Values(string file) =>
        new("values for a Helm chart", $"helm template CHART -f {file}{Pipe}")
        {
            MakesObjects = true,
            IsOfChart = true,
        };

    public static FileKind Compose(string file) => new("a Compose file", $"kompose convert -f {file} --stdout{Pipe}");

    public static FileKind Helmfile(string file) =>
        new("a helmfile", $"helmfile template -f {file}{Pipe}") { MakesObjects = true };
}
