using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Testing.Generating;

/// <summary>
/// Policies of all kinds of the Admin and Baseline tiers: few priorities so that they collide, every kind of peer, node
/// labels to tell apart.
/// </summary>
internal sealed partial class RandomClusterBuilder
{
    public Cluster WithTiers(Cluster cluster) => cluster with
    {
        TierPolicies = [.. Times(0, size, TierPolicy), .. Times(0, 1, _ => SingleBaseline())],
        NodeLabels = Labels(),
    };

    private TierPolicyObject TierPolicy(int index)
    {
        var admin = Chance(60);
        var kind = admin && Chance(50) ? "AdminNetworkPolicy" : "ClusterNetworkPolicy";
        return TierPolicy(kind, $"tp{index}", admin ? PolicyTier.Admin : PolicyTier.Baseline, Pick(0, 5, 10, 100));
    }

    private TierPolicyObject SingleBaseline() =>
        TierPolicy("BaselineAdminNetworkPolicy", "default", PolicyTier.Baseline, 1001);

    private TierPolicyObject TierPolicy(string kind, string name, PolicyTier tier, int priority)
    {
        var subject = new TierSubject(Chance(50) ? Selector(0) : NamespaceSelector(), Chance(50) ? Selector(2) : null,
            Position());
        return new TierPolicyObject(kind, name, new Dictionary<string, string>(), tier, priority, subject,
            Times(0, 2, _ => TierRule(tier, egress: false)), Times(0, 2, _ => TierRule(tier, egress: true)),
            Position());
    }

    private TierRule TierRule(PolicyTier tier, bool egress)
    {
        var action = tier == PolicyTier.Baseline
            ? Pick(TierAction.Accept, TierAction.Deny)
            : Pick(TierAction.Accept, TierAction.Deny, TierAction.Pass);
        return new TierRule(null, action, Times(1, 2, _ => TierPeer(egress)), Times(0, 2, _ => TierPort()), Position());
    }

    private TierPeer TierPeer(bool egress) => random.Next(egress ? 4 : 2) switch
    {
        0 => new(NamespaceSelector(), null, null, [], Position()),
        1 => new(NamespaceSelector(), Selector(2), null, [], Position()),
        2 => new(null, null, Selector(1), [], Position()),
        _ => new(null, null, null, Times(1, 2, _ => NetworkAround(Pick([.. _known]), 0)), Position()),
    };

    private TierPort TierPort()
    {
        var (first, second) = (Pick(Ports), Pick(Ports));
        return random.Next(4) switch
        {
            0 => new(null, 0, 0, Pick(PortNames), Position()),
            1 => new(Protocol(), first, first, null, Position()),
            2 => new(Protocol(), Math.Min(first, second), Math.Max(first, second), null, Position()),
            _ => new(Protocol(), 1, ushort.MaxValue, null, Position()),
        };
    }
}
