using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Node.Layout;
using Dataplane.Node.Observation;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Planning;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Verification;

/// <summary>Progress of a long run.</summary>
public readonly record struct VerifyProgress(string Phase, int Done, int Total);

/// <summary>
/// A private node with a cluster on it, ready to be probed any number of times. Disposing removes everything.
/// </summary>
internal sealed class NodeSession : IDisposable
{
    private readonly Cluster _cluster;
    private readonly IReadOnlyList<ExternalEndpoint> _externals;
    private readonly Stations _stations;
    private readonly IReadOnlyList<string> _leftOut;

    private NodeSession(
        PrivateNode node, RulesetProgrammer programmer, Cluster cluster, IReadOnlyList<ExternalEndpoint> externals,
            Stations stations)
    {
        (Node, Programmer, _cluster, _stations) = (node, programmer, cluster, stations);
        _externals = Usable(externals);
        _leftOut =
        [
            .. externals.Distinct().Select(e => (e.Name, Why: HostAddress.WhyNot(e.Address)))
                .Where(x => x.Why is not null)
                .Select(x => $"{x.Name} is left out: {x.Why}, no packet can come from it or go to it"),
        ];
    }

    public PrivateNode Node { get; }

    public RulesetProgrammer Programmer { get; }

    /// <summary>Warnings for the user that are not failures.</summary>
    public IReadOnlyList<string> Warnings => [.. _leftOut, .. Programmer.Warnings];

    /// <summary>
    /// The existing reader of the node's drop log; null: this run opens its own. Two sockets cannot listen to it.
    /// </summary>
    public DropLog? Drops { get; set; }

    public TimeSpan AttachTime { get; private init; }

    public TimeSpan ProgramTime { get; private init; }

    /// <param name="owned">See <see cref="RulesetProgrammer.Program"/>.</param>
    public static NodeSession Open(Cluster cluster, NodeOptions options, IReadOnlyList<ExternalEndpoint> externals,
        bool owned = true, IProgress<VerifyProgress>? progress = null, CancellationToken stop = default)
    {
        NodeCapacity.Require(cluster.Pods.Count(p => !p.IsHostNetwork), externals.Count);
        var node = PrivateNode.Create(options);
        RulesetProgrammer? programmer = null;
        try
        {
            var started = Stopwatch.GetTimestamp();
            var stranger = node.AttachStranger();
            programmer = new RulesetProgrammer(node);
            Attach(node, cluster, [.. Usable(externals).Where(e => !cluster.IsNobody(e))], progress, stop);
            var attached = Stopwatch.GetElapsedTime(started);
            progress?.Report(new VerifyProgress("program", 0, 1));
            started = Stopwatch.GetTimestamp();
            programmer.Program(cluster, owned: owned);
            return new NodeSession(node, programmer, cluster, externals, Stations.Of(node, cluster, stranger))
            {
                AttachTime = attached,
                ProgramTime = Stopwatch.GetElapsedTime(started),
            };
        }
        catch
        {
            programmer?.Dispose();
            node.Dispose();
            throw;
        }
    }

    /// <summary>The externals whose addresses packets can come from and go to.</summary>
    public static IReadOnlyList<ExternalEndpoint> Usable(IEnumerable<ExternalEndpoint> externals) =>
        [.. externals.Where(e => HostAddress.WhyNot(e.Address) is null)];

    /// <summary>Probes every pair with every probe, in the order of the matrix.</summary>
    public VerifyReport Probe(IReadOnlyList<Probe> probes, AddressFamily? only = null, string? pcapFile = null,
        IProgress<VerifyProgress>? progress = null, CancellationToken stop = default)
    {
        var flows = ReachabilityMatrix.Flows(_cluster, probes, _externals, only);
        return Probe(Expectations.Begin(_cluster, flows, stop), pcapFile, progress, stop);
    }

    /// <summary>
    /// Probes these flows in this order. A flow of an address that no packet can come from is left out.
    /// </summary>
    public VerifyReport Probe(
        Expectations asked, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var run = new ProbeRun(Node, _cluster, _stations) { Drops = Drops };
        var (results, controlFailure) = run.Probe(asked, pcapFile, progress, stop);
        var timings = new VerifyTimings(AttachTime, ProgramTime, Stopwatch.GetElapsedTime(started));
        return new VerifyReport(results, controlFailure, Warnings, timings);
    }

    /// <summary>Asks what becomes of packets to Services.</summary>
    public VerifyReport Probe(
        IReadOnlyList<ServiceQuestion> services, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var started = Stopwatch.GetTimestamp();
        var run = new ProbeRun(Node, _cluster, _stations) { Drops = Drops };
        var (results, controlFailure) = run.Probe(services, progress, stop);
        return VerifyReport.OfServices(results, controlFailure, Stopwatch.GetElapsedTime(started));
    }

    public void Dispose()
    {
        try
        {
            _stations.Dispose();
            Programmer.Dispose();
        }
        finally
        {
            // In any case: the name of the node's namespace would outlive the process.
            Node.Dispose();
        }
    }

    private static void Attach(PrivateNode node, Cluster cluster, IReadOnlyList<ExternalEndpoint> externals,
        IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        var pods = cluster.Pods.Where(p => !p.IsHostNetwork).ToList();
        progress?.Report(new VerifyProgress("attach", 0, pods.Count));
        node.AddAddresses(cluster.Node);
        node.AttachPods(pods, made => progress?.Report(new VerifyProgress("attach", made, pods.Count)), stop);
        node.AttachExternals(externals);
    }
}
