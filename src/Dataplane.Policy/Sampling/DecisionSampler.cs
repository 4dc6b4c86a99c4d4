using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Sampling;

/// <summary>
/// Chooses flows for clusters whose matrix is too large to be asked as a whole: first one flow for each compiled
/// decision - all flows of one are looked up with the same keys and find the same entries, so what is wrong with an
/// entry shows in any of them - then, while there is room, any others.
/// </summary>
public static class DecisionSampler
{
    /// <param name="table">The cluster's.</param>
    /// <param name="probes">As for <see cref="ReachabilityMatrix.Compute"/>, the others too.</param>
    /// <param name="count">The most flows, 1 or more. As many as the matrix has, or more, are all of it.</param>
    public static FlowSample Choose(Cluster cluster, ClassTable table, IEnumerable<Probe> probes,
        IEnumerable<ExternalEndpoint> externals,
        AddressFamily? only, int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var evaluator = new CompiledEvaluator(table);
        var endpoints = MatrixEnds.All(cluster, externals).Sources;
        var sorted = Probes.Sorted(probes);
        var groups = ReachabilityMatrix.Families(cluster, only)
            .Select(family => new EndpointGroups(evaluator, endpoints, family)).ToList();
        var all = groups.Sum(g => g.Flows) * sorted.Count;

        var random = new Random(seed);
        var pairs = Pairs(groups, count, random, out var pairCount);
        var decisions = Decisions(pairs, sorted, evaluator);
        // A pair that was not examined is at least one decision.
        var known = decisions.Count + pairCount - pairs.Count;
        if (decisions.Count > count)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(decisions));
            decisions.RemoveRange(count, decisions.Count - count);
        }
        var chosen = decisions.Select(d => d.Choose(random)).ToHashSet();
        var covered = chosen.Count;
        if (count < all) Fill(chosen, count, groups, sorted, random);
        var taken = new TakenPorts(cluster);
        chosen.RemoveWhere(flow => taken.Take(flow));
        return new FlowSample(count < all
            ? InOrder(chosen, endpoints, sorted) : ReachabilityMatrix.Flows(cluster, probes, externals, only), all,
            seed, known, covered);
    }

    /// <summary>All pairs of classes that have a flow, or any <paramref name="most"/> of them.</summary>
    /// <param name="count">How many there are.</param>
    private static List<(AddressFamily Family, ClassPair Pair)> Pairs(IReadOnlyList<EndpointGroups> groups, int most,
        Random random, out long count)
    {
        // Reservoir sampling (Vitter, algorithm R): one pass, each pair as likely as any other.
        var chosen = new List<(AddressFamily, ClassPair)>();
        count = 0;
        foreach (var group in groups)
        {
            for (var number = 0L; number < group.Pairs; number++)
            {
                if (group.Pair(number) is not { } pair) continue;
                if (count++ < most) chosen.Add((group.Family, pair));
                else if (random.NextInt64(count) is var place && place < most)
                    chosen[(int)place] = (group.Family, pair);
            }
        }
        return chosen;
    }

    /// <summary>
    /// The decisions between the members of pairs of classes: probes that the same entries decide are one.
    /// </summary>
    private static List<Decision> Decisions(List<(AddressFamily Family, ClassPair Pair)> pairs,
        IReadOnlyList<Probe> probes, CompiledEvaluator evaluator)
    {
        var decisions = new List<Decision>();
        var byEntries = new Dictionary<CompiledDecision, List<Probe>>();
        // Any members represent their classes.
        var any = new Random(0);
        foreach (var (family, pair) in pairs)
        {
            var (from, to) = pair.Choose(any);
            byEntries.Clear();
            foreach (var probe in probes)
            {
                var entries = evaluator.Decide(new Flow(from, to, probe, family));
                if (byEntries.TryGetValue(entries, out var same)) same.Add(probe);
                else byEntries[entries] = [probe];
            }
            decisions.AddRange(byEntries.Values.Select(same => new Decision(family, pair, same)));
        }
        return decisions;
    }

    /// <summary>Adds random flows, each equally likely, up to the wanted number.</summary>
    private static void Fill(HashSet<Flow> chosen, int until, IReadOnlyList<EndpointGroups> groups,
        IReadOnlyList<Probe> probes, Random random)
    {
        var perProbe = groups.Sum(g => (long)g.Endpoints.Count * g.Endpoints.Count);
        while (chosen.Count < until)
        {
            var number = random.NextInt64(perProbe);
            var group = groups.First(g => (number -= (long)g.Endpoints.Count * g.Endpoints.Count) < 0);
            number += (long)group.Endpoints.Count * group.Endpoints.Count;
            var (from, to) = (group.Endpoints[(int)(number / group.Endpoints.Count)],
                group.Endpoints[(int)(number % group.Endpoints.Count)]);
            if (!(from is ExternalEndpoint && to is ExternalEndpoint))
                chosen.Add(new Flow(from, to, probes[random.Next(probes.Count)], group.Family));
        }
    }

    private static Flow[] InOrder(HashSet<Flow> flows, IReadOnlyList<Endpoint> endpoints, IReadOnlyList<Probe> probes)
    {
        var place = endpoints.Index().ToDictionary(e => e.Item, e => e.Index);
        var probePlace = probes.Index().ToDictionary(p => p.Item, p => p.Index);
        return [.. flows.OrderBy(f => probePlace[f.Probe]).ThenBy(f => f.Family).ThenBy(f => place[f.From])
            .ThenBy(f => place[f.To])];
    }

    /// <summary>Flows of one family between two classes that the same entries decide.</summary>
    private readonly record struct Decision(AddressFamily Family, ClassPair Pair, List<Probe> Probes)
    {
        public Flow Choose(Random random)
        {
            var (from, to) = Pair.Choose(random);
            return new Flow(from, to, Probes[random.Next(Probes.Count)], Family);
        }
    }
}
