using System.Net.Sockets;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Page;

/// <summary>Puts the document of a page together, from the answer of a command.</summary>
/// <param name="sources">The texts of the manifests.</param>
/// <param name="explains">False: the viewer asks for reasons.</param>
internal sealed class PageBuilder(
    Cluster cluster, IReadOnlyDictionary<string, SourceText> sources, bool explains = true)
{
    /// <summary>Largest number of cells of a page for probes that nobody has named: some 10 MB.</summary>
    public const long MostCells = 2_000_000;

    private readonly PageEnds _ends = new();
    private readonly PageReasons _reasons = new(cluster);
    private PageBlocks? _blocks;

    private PageBlocks Blocks => _blocks ??= new PageBlocks(_ends);

    public PageFiles Files { get; } = new();

    /// <summary>Adds the flow's cell, which is about another flow where a port of the node leads to a pod.</summary>
    /// <param name="shown">The cell.</param>
    /// <param name="judged">What policies judge.</param>
    public void Add(Flow shown, Flow judged, char verdict, char? expected = null, string? fact = null) => Blocks.Add(
        shown.Probe, shown.Family, shown.From, _ends.Of(shown.To),
        new PageCell(verdict, expected, ReasonOf(judged), fact is null ? null : Blocks.Fact(fact)));

    /// <param name="backend">See <see cref="PageEnds.OfService"/>.</param>
    public void AddService(Endpoint from, string service, string? backend, Probe probe, AddressFamily family,
        char verdict, char? expected, string fact) => Blocks.Add(probe, family, from,
        _ends.OfService(service, backend), new PageCell(verdict, expected, null, Blocks.Fact(fact)));

    /// <summary>A Service at one of its addresses.</summary>
    public void AddAddress(Endpoint from, Endpoint address, Probe probe, AddressFamily family, char verdict,
        string fact) => Blocks.Add(probe, family, from, _ends.Of(address),
        new PageCell(verdict, null, null, Blocks.Fact(fact)));

    /// <summary>The number of a flow's reason; null: not explained here.</summary>
    public int? ReasonOf(Flow flow) => explains ? _reasons.Of(flow) : null;

    /// <summary>Adds the lines of policies.</summary>
    public void AddPolicies(Cluster of, IReadOnlyDictionary<string, SourceText> texts)
    {
        foreach (var policy in of.NetworkPolicies) Files.AddObject(texts, policy.Position);
        foreach (var policy in of.TierPolicies) Files.AddObject(texts, policy.Position);
    }

    public PageDocument Build(PageDocument head)
    {
        foreach (var pod in cluster.Pods.OrderBy(p => p.Name, StringComparer.Ordinal)) _ends.Of(pod);
        var policies = new PagePolicies(cluster, _ends).All;
        AddPolicies(cluster, sources);
        return head with
        {
            Ends = _ends.All,
            Blocks = Blocks.All,
            Reasons = explains ? _reasons.Reasons : null,
            Sides = _reasons.Sides,
            Facts = Blocks.Facts,
            Policies = policies,
            Files = Files.Parts,
            Picture = PagePictures.Of(_ends.All),
            Notes = _reasons.LeftOut == 0 ? head.Notes :
            [
                .. head.Notes, $"{_reasons.LeftOut} cells have no reason here, because there are too many that "
                    + "differ; the command beside such a cell tells it",
            ],
        };
    }
}
