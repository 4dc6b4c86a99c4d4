using System.Globalization;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Policy.Matrix;

/// <summary>
/// The probes of a command that names none: every port that a container declares or a policy names, once; TCP 80 where
/// there is none.
/// </summary>
/// <param name="Probes">In the order of <see cref="Matrix.Probes.Sorted"/>; at least one.</param>
/// <param name="Left">Number of probes that were left out, because there would be too many flows.</param>
public sealed record DefaultProbes(IReadOnlyList<Probe> Probes, int Left)
{
    /// <summary>Number of flows that a verification sends without having been asked for each probe.</summary>
    public const long MostSent = 2_500_000;

    /// <summary>Number of flows that a matrix is computed for without having been asked for each probe.</summary>
    public const long MostComputed = 10_000_000;

    /// <summary>What was left out, for a warning; null where nothing was.</summary>
    public string? Cut => Left == 0 ? null : string.Create(CultureInfo.InvariantCulture,
        $"{Probes.Count} of {Probes.Count + Left} ports are probed, those that most pods and policies name; "
            + $"name others with --probe");

    /// <summary>The default probes of every pair.</summary>
    /// <param name="externals">Number of addresses outside that take part.</param>
    /// <param name="only">One family; null for every family that some pod has.</param>
    /// <param name="mostFlows">
    /// Where the flows would be more than this, the ports that the fewest pods and policies name are left out; one
    /// probe is kept always.
    /// </param>
    public static DefaultProbes Of(Cluster cluster, int externals, AddressFamily? only, long mostFlows)
    {
        var named = cluster.Pods.Select(pod => NamedPorts.Of(pod).Distinct())
            .Concat(cluster.NetworkPolicies.Concat<KubernetesObject>(cluster.TierPolicies)
                .Select(policy => NamedPorts.Of(policy).Distinct()))
            .SelectMany(probes => probes).CountBy(probe => probe).ToDictionary();
        if (named.Count == 0) return new DefaultProbes([Matrix.Probes.Fallback], 0);
        var ends = (long)cluster.Pods.Count + externals;
        var perProbe = Math.Max(1, ends * ends * ReachabilityMatrix.Families(cluster, only).Count);
        var count = (int)Math.Clamp(mostFlows / perProbe, 1, named.Count);
        var kept = Matrix.Probes.Sorted(named.Keys).OrderByDescending(probe => named[probe]).Take(count);
        return new DefaultProbes(Matrix.Probes.Sorted(kept), named.Count - count);
    }

    /// <summary>
    /// The default probes of one pair: every port that the destination declares. Where it declares none, those that its
    /// policies name for what enters; then those that the source's policies name for what leaves; then TCP 80.
    /// </summary>
    /// <param name="from">Null: any source.</param>
    public static IReadOnlyList<Probe> Between(Cluster cluster, Endpoint? from, Endpoint to)
    {
        var found = (to is PodEndpoint destination
            ? Some(NamedPorts.Of(destination)) ?? Some(NamedPorts.Of(cluster, destination, Direction.Ingress)) : null)
            ?? (from is PodEndpoint source ? Some(NamedPorts.Of(cluster, source, Direction.Egress)) : null);
        return found ?? [Matrix.Probes.Fallback];

        static IReadOnlyList<Probe>? Some(IEnumerable<Probe> probes) =>
            Matrix.Probes.Sorted(probes) is { Count: > 0 } sorted ? sorted : null;
    }

    /// <summary>
    /// The default probes of two names, once: of every end with the first end of the other, because pods of one
    /// workload declare the same.
    /// </summary>
    public static IReadOnlyList<Probe> Between(Cluster cluster, EndpointGroup from, EndpointGroup to) =>
        Matrix.Probes.Sorted(
        [
            .. to.Ends.SelectMany(end => Between(cluster, from.Ends[0], end)),
            .. from.Ends.Skip(1).SelectMany(end => Between(cluster, end, to.Ends[0])),
        ]);
}
