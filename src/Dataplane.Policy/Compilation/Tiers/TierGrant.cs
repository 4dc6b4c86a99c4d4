using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Classes;
using Dataplane.Policy.Compilation.NetworkPolicies;
using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Policy.Compilation.Tiers;

/// <summary>One tier rule as sets. Rules apply in the order of their list; the first match decides its tier.</summary>
/// <param name="Peers">As in <see cref="Grant"/>.</param>
internal sealed record TierGrant(PolicyTier Tier, SetId Subjects, SetId?[] Peers, IReadOnlyList<PortRange> Ports,
    TierAction Action);
