using FsCheck;
using FsCheck.Fluent;

namespace Dataplane.Policy.Tests;

/// <summary>A random cluster for FsCheck, which prints and shrinks it. Seed: for whatever else a property wants to draw.</summary>
public sealed record RandomCase(Cluster Cluster, int Seed)
{
    public override string ToString() => $"seed {Seed}\n{ClusterText.Describe(Cluster)}";

    /// <summary>Up to 6 pods and 6 policies.</summary>
    public static Arbitrary<RandomCase> Arbitrary { get; } = Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from size in Gen.Choose(1, 6)
        select new RandomCase(RandomCluster.Generate(seed, size), seed),
        Shrink);

    /// <summary>Fails the test with a small cluster where the property does not hold.</summary>
    public static void ForAll(Func<RandomCase, bool> property, int tests = 100) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(Arbitrary, property));

    private static IEnumerable<RandomCase> Shrink(RandomCase failed) =>
        Smaller(failed.Cluster).Select(cluster => failed with { Cluster = cluster });

    private static IEnumerable<Cluster> Smaller(Cluster cluster)
    {
        foreach (var pods in Without(cluster.Pods))
        {
            yield return cluster with { Pods = pods };
        }
        foreach (var policies in Without(cluster.NetworkPolicies))
        {
            yield return cluster with { NetworkPolicies = policies };
        }
        for (var i = 0; i < cluster.NetworkPolicies.Count; i++)
        {
            var policy = cluster.NetworkPolicies[i];
            foreach (var rules in Without(policy.Ingress))
            {
                yield return cluster with { NetworkPolicies = Replace(i, policy with { Ingress = rules }) };
            }
            foreach (var rules in Without(policy.Egress))
            {
                yield return cluster with { NetworkPolicies = Replace(i, policy with { Egress = rules }) };
            }
        }

        List<Kubernetes.NetworkPolicyObject> Replace(int index, Kubernetes.NetworkPolicyObject policy) =>
            [.. cluster.NetworkPolicies.Select((old, i) => i == index ? policy : old)];
    }

    private static IEnumerable<List<T>> Without<T>(IReadOnlyList<T> items) =>
        Enumerable.Range(0, items.Count).Select(skip => items.Where((_, index) => index != skip).ToList());
}
