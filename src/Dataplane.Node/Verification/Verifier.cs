using System.Net.Sockets;
using Dataplane.Linux.Native;
using Dataplane.Planning;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;

namespace Dataplane.Node.Verification;

/// <summary>
/// Manifests proven by packets: builds a private node, sends every probe between every pair, removes everything.
/// </summary>
public static class Verifier
{
    /// <param name="externals">Addresses outside the pod network that take part.</param>
    /// <param name="only">One family; null for all.</param>
    /// <param name="pcapFile">Where to keep the evidence; null keeps none.</param>
    /// <param name="sampling">Null: every flow.</param>
    /// <exception cref="LinuxException">The kernel refused something; EPERM: not root.</exception>
    /// <exception cref="OperationCanceledException">Stopped; everything has been removed.</exception>
    public static VerifyReport Run(Cluster cluster, NodeOptions node, IReadOnlyList<Probe> probes,
        IReadOnlyList<ExternalEndpoint> externals,
        AddressFamily? only, string? pcapFile, IProgress<VerifyProgress>? progress, CancellationToken stop,
            Sampling? sampling = null)
    {
        var usable = NodeSession.Usable(externals);
        var sample = sampling is { } s
            ? DecisionSampler.Choose(cluster, Compiler.Compile(cluster), probes, usable, only, s.Count, s.Seed) : null;
        // The oracle is slow on purpose: it begins before there is a node.
        var asked =
            Expectations.Begin(cluster, sample?.Flows ?? ReachabilityMatrix.Flows(cluster, probes, usable, only), stop);
        using var session = NodeSession.Open(cluster, node, externals, owned: true, progress, stop);
        return session.Probe(asked, pcapFile, progress, stop) with { Sample = sample };
    }

    /// <summary>Only these flows, in this order; their ends may be the node too.</summary>
    /// <exception cref="LinuxException">The kernel refused something; EPERM: not root.</exception>
    /// <exception cref="OperationCanceledException">Stopped; everything has been removed.</exception>
    public static VerifyReport Run(Cluster cluster, NodeOptions node, IReadOnlyList<Flow> flows,
        IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        IReadOnlyList<ExternalEndpoint> externals = [.. flows.SelectMany(flow => new[] { flow.From, flow.To })
            .OfType<ExternalEndpoint>().Distinct()];
        var asked = Expectations.Begin(cluster, flows, stop);
        using var session = NodeSession.Open(cluster, node, externals, owned: true, progress, stop);
        return session.Probe(asked, null, progress, stop);
    }
}
