using Dataplane.Policy.Model;
using FsCheck;
using FsCheck.Fluent;

namespace Dataplane.Policy.Tests;

/// <summary>
/// A random cluster for FsCheck, which prints and shrinks it. Seed: for further random choices of a property.
/// </summary>
public sealed record RandomCase(Cluster Cluster, int Seed)
{
    public override string ToString() => $"seed {Seed}\n{ClusterText.Describe(Cluster)}";

    /// <summary>
    /// Fails the test with a small cluster where the property does not hold. At most 6 pods, 6 policies and, if asked
    /// for, 6 of the tiers.
    /// </summary>
    public static void ForAll(Func<RandomCase, bool> property, int tests = 100, bool tiers = false) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(tests), Prop.ForAll(tiers ? WithTiers : Plain, property));

    private static readonly Arbitrary<RandomCase> Plain = Arbitrary(tiers: false);

    private static readonly Arbitrary<RandomCase> WithTiers = Arbitrary(tiers: true);

    private static Arbitrary<RandomCase> Arbitrary(bool tiers) => Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from size in Gen.Choose(1, 6)
        select new RandomCase(RandomCluster.Generate(seed, size, tiers), seed),
        Shrink);

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
        foreach (var policies in Without(cluster.TierPolicies))
        {
            yield return cluster with { TierPolicies = policies };
        }
        for (var i = 0; i < cluster.TierPolicies.Count; i++)
        {
            var policy = cluster.TierPolicies[i];
            foreach (var rules in Without(policy.Ingress))
            {
                yield return cluster with
                {
                    TierPolicies = Replaced(cluster.TierPolicies, i, policy with { Ingress = rules }),
                };
            }
            foreach (var rules in Without(policy.Egress))
            {
                yield return cluster with
                {
                    TierPolicies = Replaced(cluster.TierPolicies, i, policy with { Egress = rules }),
                };
            }
        }
        for (var i = 0; i < cluster.NetworkPolicies.Count; i++)
        {
            var policy = cluster.NetworkPolicies[i];
            foreach (var rules in Without(policy.Ingress))
            {
                yield return cluster with
                {
                    NetworkPolicies = Replaced(cluster.NetworkPolicies, i, policy with { Ingress = rules }),
                };
            }
            foreach (var rules in Without(policy.Egress))
            {
                yield return cluster with
                {
                    NetworkPolicies = Replaced(cluster.NetworkPolicies, i, policy with { Egress = rules }),
                };
            }
        }
    }

    private static IEnumerable<List<T>> Without<T>(IReadOnlyList<T> items) =>
        Enumerable.Range(0, items.Count).Select(skip => items.Where((_, index) => index != skip).ToList());

    private static List<T> Replaced<T>(IReadOnlyList<T> items, int index, T item) =>
        [.. items.Select((old, i) => i == index ? item : old)];
}
