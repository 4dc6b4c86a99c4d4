using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S014: egress is isolated and nothing that is allowed could be a name server. The address of the name server is
/// unknown here, so any rule for port 53, and any rule without ports to peers that could include it, is taken for one.
/// </summary>
internal static class NoDns
{
    private const ushort Dns = 53;

    /// <summary>An ipBlock up to this length may well contain a name server.</summary>
    private const int WidePrefix = 24;

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        var sending = EgressWithoutRules.Sending(scene);
        var asking = scene.Space.Nothing;
        var silent = scene.Space.Nothing;
        foreach (var policy in scene.Cluster.NetworkPolicies.Where(p => p.IsolatesEgress))
        {
            (policy.Egress.Any(r => MayBeDns(scene, r)) ? asking : silent).UnionWith(scene.Subjects(policy));
        }
        foreach (var policy in scene.Cluster.TierPolicies.Where(p => p.Tier == PolicyTier.Admin
            && p.Egress.Any(MayBeDns)))
        {
            asking.UnionWith(scene.Subjects(policy));
        }
        silent.ExceptWith(asking);
        foreach (var policy in scene.Cluster.NetworkPolicies.Where(p => p.IsolatesEgress))
        {
            var mine = scene.Subjects(policy).Clone().IntersectWith(silent);
            if (mine.IsEmpty || scene.Unseen.PoliciesIn(policy.Namespace))
            {
                continue;
            }
            // Each pod is reported once, and not again where S012 says that it can send nothing at all.
            silent.ExceptWith(mine);
            if (EgressWithoutRules.Closed(scene, policy, sending) is { } closed && mine.ExceptWith(closed).IsEmpty)
            {
                continue;
            }
            yield return Scene.Warning(SemanticCodes.NoDns,
                $"`{policy.FullName}` blocks DNS (UDP/TCP 53) for {scene.Names(mine)}",
                policy.PolicyTypesPosition ?? policy.PodSelector.Position,
                policy.PolicyTypesPosition is null ? 1 : "policyTypes".Length,
                "egress is isolated, and no rule allows port 53",
                "names do not resolve: programs wait and report timeouts, even to peers that are allowed",
                "allow UDP 53 and TCP 53 to the name server, with a rule for these pods under `egress:`");
        }
    }

    private static bool MayBeDns(Scene scene, NetworkPolicyRule rule)
    {
        if (rule.Ports.Any(IsDns))
        {
            return true;
        }
        return rule.Ports.Count == 0 ? rule.Peers.Count == 0 || rule.Peers.Any(p => MayHoldServer(scene, p))
            : rule.Ports.Any(Contains) && (rule.Peers.Count == 0 || rule.Peers.Any(p => MayHoldServer(scene, p)));
    }

    private static bool IsDns(NetworkPolicyPort port)
        => port.Name is { } name
            ? name.Contains("dns", StringComparison.Ordinal)
            : port is { Port: Dns, Protocol: not TransportProtocol.Sctp };

    private static bool Contains(NetworkPolicyPort port) => port.Protocol != TransportProtocol.Sctp && port.Name is null
        && (port.Port is not { } first || (first <= Dns && Dns <= (port.EndPort ?? first)));

    /// <summary>Not narrowed to pods by their labels in known namespaces, or to a few addresses.</summary>
    private static bool MayHoldServer(Scene scene, NetworkPolicyPeer peer)
    {
        if (peer.IpBlock is { } block)
        {
            return block.Cidr.PrefixLength <= WidePrefix || IsSmallIPv6(block.Cidr);
        }
        var anyPod = peer.PodSelector is not { Requirements.Count: > 0 };
        return peer.NamespaceSelector is { } namespaces
            && (namespaces.Requirements.Any(r => r.Values.Contains("kube-system"))
                || (anyPod && (namespaces.Requirements.Count == 0 || scene.InNamespaces(namespaces).IsEmpty)));
    }

    private static bool IsSmallIPv6(IPNetwork network)
        => network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 && network.PrefixLength <= 112;

    private static bool MayBeDns(TierRule rule) => rule.Action == TierAction.Accept
        && (rule.Ports.Count == 0 || rule.Ports.Any(p => p.Name is { } name
            ? name.Contains("dns", StringComparison.Ordinal) : p.First <= Dns && Dns <= p.Last));
}
