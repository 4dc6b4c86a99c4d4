using Dataplane.Cli.Input;
using Dataplane.Cli.Matrix;
using Dataplane.Cli.Page;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Selectors;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Ui;

/// <summary>The document about one state of the daemon, and the reasons of its cells when they are asked for.</summary>
internal sealed class LivePage
{
    /// <summary>Largest number of answers about Services.</summary>
    private const long MostServiceCells = 500_000;

    private readonly Cluster _cluster;
    private readonly PageDocument _document;

    private LivePage(Cluster cluster, PageDocument document) =>
        (_cluster, _document, Json) = (cluster, document, PageJson.Of(document));

    public byte[] Json { get; }

    public long Generation => _document.Generation!.Value;

    public static LivePage Of(DaemonState state, long generation)
    {
        var cluster = state.Cluster;
        var judge = new CompiledEvaluator(cluster, Compiler.Compile(cluster));
        var page = new PageBuilder(cluster, state.Sources, explains: false);
        var ends = MatrixEnds.All(cluster, []);
        var found = DefaultProbes.Of(cluster, 0, null, PageBuilder.MostCells);
        var judged = new List<Flow>();
        MatrixPage.Add(page, ReachabilityMatrix.Between(cluster, found.Probes, ends, flow =>
        {
            judged.Add(flow);
            return judge.IsAllowed(flow);
        }, null), judged);
        var isLarge = cluster.Services.Sum(s => (long)s.Object.Ports.Count) * ends.Sources.Count > MostServiceCells;
        if (!isLarge)
            MatrixPage.Add(page, ServiceMatrix.Of(cluster, cluster.Services, ends.Sources, judge.IsAllowed, null));
        var notes = new List<string>();
        if (found.Cut is { } cut) notes.Add(cut);
        if (isLarge) notes.Add($"{cluster.Services.Count} Services are left out of the matrix: they are too many");
        return new LivePage(cluster, page.Build(new PageDocument("ui", "dataplane ui", "")
        {
            Generation = generation,
            Notes = notes,
        }));
    }

    /// <param name="from">A place in the document's ends, as <paramref name="to"/>.</param>
    /// <returns>Null: there is no such flow.</returns>
    public PageAnswer? Why(int from, int to, string protocol, int port, string family)
    {
        if (!ProbeText.TryParse(port == 0 ? protocol : $"{protocol}:{port}", out var probe, out _)
            || End(from) is not { } source || End(to) is not { } destination)
        {
            return null;
        }
        var asked = AddressFamilies.All.FirstOrDefault(f => f.Text() == family);
        if (source.AddressIn(asked) is null || destination.AddressIn(asked) is null) return null;
        return PageReasons.Answer(_cluster,
            new TakenPorts(_cluster).Meant(new Flow(source, destination, probe, asked)));
    }

    private Endpoint? End(int place) => place < 0 || place >= _document.Ends.Count ? null
        : EndpointNames.Resolve(_cluster, _document.Ends[place].Name).Endpoint;
}
