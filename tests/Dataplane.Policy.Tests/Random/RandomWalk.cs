using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests;

/// <summary>
/// Clusters that follow one another as a daemon sees them: a few objects come, go or are described anew, the rest are
/// the same objects.
/// </summary>
internal static class RandomWalk
{
    public static IEnumerable<Cluster> From(Cluster start, int seed, int steps, bool tiers = false)
    {
        var random = new System.Random(seed);
        var cluster = start;
        yield return cluster;
        for (var step = 0; step < steps; step++)
        {
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                cluster = Change(cluster, RandomCluster.Generate(random.Next(), 6, tiers), random);
            yield return cluster;
        }
    }

    /// <param name="other">Where new objects are taken from.</param>
    private static Cluster Change(Cluster cluster, Cluster other, System.Random random) => random.Next(11) switch
    {
        0 or 1 => Add(cluster, other, random),
        2 => cluster with { Pods = Without(cluster.Pods, random) },
        3 or 4 => Describe(cluster, other, random),
        5 or 6 => cluster with
        {
            NetworkPolicies = With(cluster.NetworkPolicies, other.NetworkPolicies, random, p => p.FullName),
        },
        7 => cluster with { NetworkPolicies = Without(cluster.NetworkPolicies, random) },
        8 => cluster with
        {
            TierPolicies = random.Next(3) == 0
                ? Without(cluster.TierPolicies, random)
                : With(cluster.TierPolicies, other.TierPolicies, random, p => $"{p.Kind} {p.Name}"),
        },
        9 => cluster with { Namespaces = random.Next(4) == 0
            ? cluster.Namespaces.Skip(1).ToDictionary()
            : other.Namespaces.Take(random.Next(3)).Concat(cluster.Namespaces).DistinctBy(n => n.Key).ToDictionary() },
        _ => cluster with
        {
            NodeLabels = other.NodeLabels,
            Node = random.Next(2) == 0
                ? cluster.Node
                : new NodeEndpoint(cluster.Node.IPv4, IPAddress.Parse("2001:db8::77")),
        },
    };

    private static Cluster Add(Cluster cluster, Cluster other, System.Random random)
    {
        if (other.Pods.Count == 0) return cluster;
        var pod = other.Pods[random.Next(other.Pods.Count)];
        var taken = cluster.Pods.SelectMany(p => new[] { p.IPv4, p.IPv6 }).Append(cluster.Node.IPv6)
            .OfType<IPAddress>().ToHashSet();
        return cluster.Pods.Any(p => p.Name == pod.Name)
            || new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>().Any(taken.Contains)
            ? cluster
            : cluster with { Pods = [.. cluster.Pods, pod] };
    }

    /// <summary>Other labels, ports or both; now and then other addresses.</summary>
    private static Cluster Describe(Cluster cluster, Cluster other, System.Random random)
    {
        var candidates = cluster.Pods.Where(p => !p.IsHostNetwork).ToList();
        if (candidates.Count == 0 || other.Pods.Count == 0) return cluster;
        var (old, like) = (candidates[random.Next(candidates.Count)], other.Pods[random.Next(other.Pods.Count)].Pod);
        var pod = old.Pod with { Labels = like.Labels, Ports = random.Next(2) == 0 ? like.Ports : old.Pod.Ports };
        var fresh = random.Next(8) == 0 && old.IPv4 is not null
            ? new PodEndpoint(pod, old.IPv4, null)
            : new PodEndpoint(pod, old.IPv4, old.IPv6);
        return cluster with { Pods = [.. cluster.Pods.Select(p => p == old ? fresh : p)] };
    }

    private static List<T> With<T>(IReadOnlyList<T> list, IReadOnlyList<T> other, System.Random random,
        Func<T, string> name)
    {
        if (other.Count == 0) return [.. list];
        var fresh = other[random.Next(other.Count)];
        return [.. list.Where(o => name(o) != name(fresh)), fresh];
    }

    private static List<T> Without<T>(IReadOnlyList<T> list, System.Random random)
    {
        var at = random.Next(Math.Max(1, list.Count));
        return [.. list.Where((_, i) => i != at)];
    }
}
