using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Loading.Foreign;

/// <summary>
/// The files of a load that hold no Kubernetes objects: one line for each, and one for a chart with its values and
/// templates.
/// </summary>
internal sealed class OtherFiles(DiagnosticBag bag)
{
    private const string ChartFile = "Chart.yaml";

    private readonly SortedDictionary<string, (string First, int Templates)> _charts = new(StringComparer.Ordinal);

    /// <param name="isNamed">The file was named itself, and not found below a directory: then it is an error.</param>
    public void Add(FileKind kind, SourcePosition at, bool isNamed)
    {
        if (isNamed && !bag.Ignores(Codes.NoManifest))
        {
            bag.Add(new Diagnostic(Codes.NoManifest, Severity.Error, $"no manifest, but {kind.What}", at,
                Label: "nothing here can be loaded",
                Help: kind.Render is { } command ? $"render it: `{command}`" : "name files of Kubernetes objects, or "
                    + "leave this one out with `--exclude`"));
            return;
        }
        bag.Add(new Diagnostic(Codes.NoManifest, Severity.Note,
            $"{kind.What}, not read{(kind.Render is { } render ? $": `{render}`" : "")}", at)
        {
            IsLeftOut = true,
        });
    }

    /// <summary>A file of a chart, found below a directory.</summary>
    public void AddToChart(string chart, string file, bool isTemplate)
    {
        var (first, templates) = _charts.GetValueOrDefault(chart, (file, 0));
        var named = Path.GetFileName(file) == ChartFile ? file : first;
        _charts[chart] = (named, templates + (isTemplate ? 1 : 0));
    }

    /// <summary>Reports the charts: once, after all files.</summary>
    public void Finish()
    {
        foreach (var (chart, (file, templates)) in _charts)
        {
            Add(FileKind.Chart(chart.Length == 0 ? "." : chart, templates), new SourcePosition(file, 1, 1), false);
        }
    }
}
