using System.Net.Sockets;
using Dataplane.Linux.Native;
using Dataplane.Planning;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Sampling;

namespace Dataplane.Node.Verification;

/// <summary>
/// Verifies a cluster by packets: builds a private node, sends every probe between every pair, removes everything.
/// </summary>
public static class Verifier
{
    /// <param name="externals">Addresses outside the pod network that take part.</param>
    /// <param name="only">One family; null for all.</param>
    /// <param name="pcapFile">The file for captured evidence; null: none.</param>
    /// <param name="sampling">The size and the seed of a sample; null: every flow.</param>
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
        // The oracle is slow on purpose, so it begins before the node is built.
        var asked =
            Expectations.Begin(cluster, sample?.Flows ?? ReachabilityMatrix.Flows(cluster, probes, usable, only), stop);
        var services = ServiceQuestions.Of(cluster, usable, only, stop);
        using var session = NodeSession.Open(
            cluster, node, [.. externals.Union(ServiceQuestion.Outside(services.All))], owned: true, progress, stop);
        var report = session.Probe(asked, pcapFile, progress, stop) with { Sample = sample };
        if (services.Cut is { } cut) report = report with { Warnings = [.. report.Warnings, cut] };
        return services.All.Count == 0 ? report : report.With(session.Probe(services.All, progress, stop));
    }

    /// <summary>As the other overload, for these flows only, in this order. The node may be an end.</summary>
    /// <exception cref="LinuxException">The kernel refused something; EPERM: not root.</exception>
    /// <exception cref="OperationCanceledException">Stopped; everything has been removed.</exception>
    public static VerifyReport Run(Cluster cluster, NodeOptions node, IReadOnlyList<Flow> flows,
        IProgress<VerifyProgress>? progress, CancellationToken stop) => Run(cluster, node, flows, [], progress, stop);

    /// <summary>As the overload for flows, and these questions about Services behind them.</summary>
    /// <exception cref="LinuxException">The kernel refused something; EPERM: not root.</exception>
    /// <exception cref="OperationCanceledException">Stopped; everything has been removed.</exception>
    public static VerifyReport Run(Cluster cluster, NodeOptions node, IReadOnlyList<Flow> flows,
        IReadOnlyList<ServiceQuestion> services, IProgress<VerifyProgress>? progress, CancellationToken stop)
    {
        IReadOnlyList<ExternalEndpoint> externals = [.. flows.SelectMany(flow => new[] { flow.From, flow.To })
            .Concat(services.Select(s => s.From)).OfType<ExternalEndpoint>()
            .Union(ServiceQuestion.Outside(services))];
        var asked = Expectations.Begin(cluster, flows, stop);
        using var session = NodeSession.Open(cluster, node, externals, owned: true, progress, stop);
        var report = session.Probe(asked, null, progress, stop);
        return services.Count == 0 ? report : report.With(session.Probe(services, progress, stop));
    }
}
