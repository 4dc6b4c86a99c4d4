using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Assertions;

/// <summary>
/// One question an assertion asks: the same for every pod that its names stand for, and in every family of
/// <see cref="Flows"/>.
/// </summary>
/// <param name="Position">The expectation; for a pair of the default, the step.</param>
public sealed record PlannedCheck(string Name, Wanted Want, IReadOnlyList<Flow> Flows, SourcePosition Position)
{
    /// <summary>The ways to a Service, to whose backends <see cref="Flows"/> lead; empty: none is meant.</summary>
    public IReadOnlyList<ServiceReach> Reaches { get; init; } = [];
}

/// <summary>
/// A step of an assertion file made into flows of a cluster, so that policies or packets can answer them.
/// </summary>
/// <param name="Problems">Unknown names, empty selections, flows that cannot exist: each makes the file
/// invalid.</param>
public sealed record AssertionPlan(IReadOnlyList<PlannedCheck> Checks, IReadOnlyList<Diagnostic> Problems)
{
    /// <summary>
    /// Expectations in the order written, then the default for every other pair of pods and external addresses: on the
    /// ports that the step names, or where it names none, on those that any pod declares or any policy names. A pod to
    /// itself, which is always allowed, is left out where it is not named alone.
    /// </summary>
    /// <param name="names">Of the loaded cluster; the pods that exist only in the step join its cluster.</param>
    public static AssertionPlan Of(AssertionStep step, QuestionNames names)
    {
        var cluster = names.Cluster;
        var (patterns, taken) = (new EndpointPatterns(cluster, names), new TakenPorts(cluster));
        var checks = new List<PlannedCheck>();
        foreach (var expectation in step.Expectations)
        {
            Add(expectation);
        }
        if (step.Default is { } wanted)
        {
            var named = checks.SelectMany(check => check.Flows).ToHashSet();
            var probes = step.Expectations.SelectMany(expectation => expectation.Ports).Any()
                ? Probes.Sorted(named.Select(flow => flow.Probe))
                : DefaultProbes.Of(cluster, step.External.Count, only: null, long.MaxValue).Probes;
            var pods = cluster.Pods.OrderBy(pod => pod.Name, StringComparer.Ordinal);
            var all = pods.Concat(All(step.External).SelectMany(group => group.Ends)).Distinct().ToList();
            checks.AddRange(
                from source in all
                from destination in all
                where source != destination
                from probe in probes
                from check in ServiceChecks.Split(cluster, taken, new PlannedCheck(
                    NameOf(source.Name, destination.Name, probe), wanted ? Wanted.Allow : Wanted.Deny,
                    [.. Flows(source, destination, probe).Where(flow => !named.Contains(taken.Meant(flow)))],
                    step.Position))
                select check);
        }
        return new AssertionPlan(checks, patterns.Problems);

        void Add(Expectation expectation)
        {
            var services = expectation.To.ToLookup(pattern => patterns.Service(pattern) is not null);
            var (sources, destinations) = (All(expectation.From), All([.. services[false]], isDestination: true));
            var probes = expectation.Ports.Select(patterns.Probe).OfType<Probe>().ToList();
            foreach (var service in services[true].Select(pattern => patterns.Service(pattern)!))
            {
                if (Addressless.Why(cluster, service) is not { } why) continue;
                patterns.Report(expectation.Position, why);
                return;
            }
            var before = checks.Count;
            checks.AddRange(from pattern in services[true]
                            from source in sources
                            from check in ServiceChecks.Of(cluster, expectation, probes, source,
                                patterns.Service(pattern)!)
                            select check);
            foreach (var source in sources)
            {
                foreach (var destination in destinations.Where(to => to != source
                    || (sources.Count == 1 && destinations.Count == 1)))
                {
                    foreach (var probe in expectation.Ports.Count > 0
                        ? probes : DefaultProbes.Between(cluster, source, destination))
                    {
                        checks.AddRange(ServiceChecks.Split(cluster, taken, new PlannedCheck(
                            NameOf(source.Name, destination.Name, probe), expectation.Want,
                            [.. EndpointGroup.Pairs(source, destination)
                                .SelectMany(pair => Flows(pair.From, pair.To, probe))], expectation.Position)));
                    }
                }
            }
            if (checks.Count == before && sources.Count > 0 && (destinations.Count > 0 || services[true].Any())
                && (probes.Count > 0 || expectation.Ports.Count == 0))
            {
                patterns.Report(expectation.Position, "no packet can go from any of these to any of those",
                    "two ends need a family in common, and one of them must be in the cluster");
            }
        }

        List<EndpointGroup> All(IReadOnlyList<EndpointPattern> wanted, bool isDestination = false) =>
            [.. wanted.SelectMany(pattern => patterns.Find(pattern, isDestination)).Distinct()];
    }

    private static List<Flow> Flows(Endpoint from, Endpoint to, Probe probe)
    {
        var common =
            AddressFamilies.All.Where(family => from.AddressIn(family) is not null && to.AddressIn(family) is not null);
        return [.. common.Select(family => new Flow(from, to, probe, family))];
    }

    internal static string NameOf(string from, string to, Probe probe) => $"{from} -> {to} {probe}";
}
