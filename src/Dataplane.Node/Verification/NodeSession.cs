using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Node.Network;
using Dataplane.Node.Observation;
using Dataplane.Node.Programming;
using Dataplane.Planning;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>What a long run is doing.</summary>
public readonly record struct VerifyProgress(string Phase, int Done, int Total);

/// <summary>A private node with a cluster on it, ready to be probed as often as one likes. Disposing removes everything.</summary>
internal sealed class NodeSession : IDisposable
{
    private readonly Cluster _cluster;
    private readonly IReadOnlyList<ExternalEndpoint> _externals;
    private readonly Dictionary<Endpoint, Station> _stations = [];
    private readonly Station _stranger;
    private readonly IReadOnlyList<string> _leftOut;

    private NodeSession(PrivateNode node, RulesetProgrammer programmer, Cluster cluster, IReadOnlyList<ExternalEndpoint> externals, Station stranger)
    {
        (Node, Programmer, _cluster, _stranger) = (node, programmer, cluster, stranger);
        _externals = Usable(externals);
        _leftOut = [.. externals.Distinct().Select(e => (e.Name, Why: HostAddress.WhyNot(e.Address))).Where(x => x.Why is not null)
            .Select(x => $"{x.Name} is left out: {x.Why}, no packet can come from it or go to it")];
    }

    public PrivateNode Node { get; }

    public RulesetProgrammer Programmer { get; }

    /// <summary>What is not as it should be, though everything works.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _leftOut,
        .. Programmer.Warnings,
    ];

    /// <summary>Set where the node's drop log has its reader already: two sockets cannot listen to it.</summary>
    public DropLog? Drops { get; set; }

    public TimeSpan AttachTime { get; private set; }

    public TimeSpan ProgramTime { get; private set; }

    /// <param name="owned">See <see cref="RulesetProgrammer.Program"/>.</param>
    public static NodeSession Open(Cluster cluster, NodeOptions options, IReadOnlyList<ExternalEndpoint> externals,
        bool owned = true, IProgress<VerifyProgress>? progress = null, CancellationToken stop = default)
    {
        NodeCapacity.Require(cluster.Pods.Count(p => !p.IsHostNetwork), externals.Count);
        var node = PrivateNode.Create(options);
        RulesetProgrammer? programmer = null;
        NodeSession? session = null;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var stranger = Station.Of(node.AttachStranger());
            programmer = new RulesetProgrammer(node);
            session = new NodeSession(node, programmer, cluster, externals, stranger);
            session.Attach(progress, stop);
            session.AttachTime = Stopwatch.GetElapsedTime(started);
            progress?.Report(new VerifyProgress("program", 0, 1));
            started = Stopwatch.GetTimestamp();
            programmer.Program(cluster, owned: owned);
            session.ProgramTime = Stopwatch.GetElapsedTime(started);
            return session;
        }
        catch
        {
            if (session is not null) session.Dispose();
            else
            {
                programmer?.Dispose();
                node.Dispose();
            }
            throw;
        }
    }

    /// <summary>The addresses that packets can come from and go to.</summary>
    public static IReadOnlyList<ExternalEndpoint> Usable(IEnumerable<ExternalEndpoint> externals) => [.. externals.Where(e => HostAddress.WhyNot(e.Address) is null)];

    /// <summary>Probes every pair with every probe, in the order of the matrix.</summary>
    public VerifyReport Probe(IReadOnlyList<Probe> probes, AddressFamily? only = null, string? pcapFile = null,
        IProgress<VerifyProgress>? progress = null, CancellationToken stop = default) =>
        Probe(Expectations.Begin(_cluster, ReachabilityMatrix.Flows(_cluster, probes, _externals, only), stop), pcapFile, progress, stop);

    /// <summary>Probes these flows in this order. A flow of an address that no packet can come from is left out.</summary>
    public VerifyReport Probe(Expectations asked, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var (results, controlFailure) = new ProbeRun(Node, _cluster, _stranger, _stations) { Drops = Drops }.Probe(asked, pcapFile, progress, stop);
        return new VerifyReport(results, controlFailure, Warnings, new VerifyTimings(AttachTime, ProgramTime, Stopwatch.GetElapsedTime(started)));
    }

    public void Dispose()
    {
        try
        {
            Station.Close([.. _stations.Values, _stranger]);
            Programmer.Dispose();
        }
        finally
        {
            // The one thing that outlives the process.
            Node.Dispose();
        }
    }

    private void Attach(IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var pods = _cluster.Pods.Where(p => !p.IsHostNetwork).ToList();
        progress?.Report(new VerifyProgress("attach", 0, pods.Count));
        Node.AddAddresses(_cluster.Node);
        Node.AttachPods(pods, stop);
        Node.AttachExternals(_externals);
        foreach (var attachment in Node.Attachments.Where(a => a.Endpoint is not null)) _stations[attachment.Endpoint!] = Station.Of(attachment);
        foreach (var pod in _cluster.Pods.Where(p => p.IsHostNetwork)) _stations[pod] = Station.OfNode(pod);
        _stations[_cluster.Node] = Station.OfNode(_cluster.Node);
        progress?.Report(new VerifyProgress("attach", pods.Count, pods.Count));
    }
}
