using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S014: egress is isolated, and no rule allows a name server. S023: the rules that do allow one do so over TCP alone,
/// mostly because <c>protocol</c> was forgotten, and names are asked for over UDP.
/// </summary>
internal static class NoDns
{
    private const ushort Dns = 53;

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        var closing = scene.Cluster.NetworkPolicies.Where(p => p.IsolatesEgress).ToList();
        if (closing.Count == 0)
        {
            yield break;
        }
        var servers = new NameServers(scene);
        var sending = EgressWithoutRules.Sending(scene);
        var (udp, tcp, silent) = (scene.Space.Nothing, scene.Space.Nothing, scene.Space.Nothing);
        foreach (var policy in closing)
        {
            var subjects = scene.Subjects(policy);
            silent.UnionWith(subjects);
            if (policy.Egress.Any(r => servers.Allows(policy, r, TransportProtocol.Udp).Allowed))
            {
                udp.UnionWith(subjects);
            }
            if (policy.Egress.Any(r => servers.Allows(policy, r, TransportProtocol.Tcp).Allowed))
            {
                tcp.UnionWith(subjects);
            }
        }
        foreach (var policy in scene.Cluster.TierPolicies.Where(p => p.Tier == PolicyTier.Admin
            && p.Egress.Any(MayBeDns)))
        {
            udp.UnionWith(scene.Subjects(policy));
        }
        silent.ExceptWith(udp);
        foreach (var policy in closing)
        {
            var mine = scene.Subjects(policy).Clone().IntersectWith(silent);
            if (mine.Clone().IntersectWith(tcp) is { IsEmpty: false } half && OverTcp(servers, policy) is { } place)
            {
                silent.ExceptWith(half);
                yield return WarnOfTcp(scene, policy, place, half);
            }
            mine.ExceptWith(tcp);
            if (mine.IsEmpty || scene.Unseen.PoliciesIn(policy.Namespace))
            {
                continue;
            }
            // Each pod is reported once, and not again where S012 or S022 says that it can send nothing at all.
            silent.ExceptWith(mine);
            if (policy.EmptyFields.Any(f => f is { Meaning: EmptyMeaning.Nothing, Name: "egress" })
                || (EgressWithoutRules.Closed(scene, policy, sending) is { } closed && mine.ExceptWith(closed).IsEmpty))
            {
                continue;
            }
            yield return DnsAdvice.Warn(scene, servers, policy, mine);
        }
    }

    /// <summary>The first item of <c>ports</c> that lets DNS over TCP pass.</summary>
    private static NetworkPolicyPort? OverTcp(NameServers servers, NetworkPolicyObject policy) => policy.Egress
        .Select(r => servers.Allows(policy, r, TransportProtocol.Tcp).By).FirstOrDefault(p => p is not null);

    private static Diagnostic WarnOfTcp(Scene scene, NetworkPolicyObject policy, NetworkPolicyPort port,
        AddressSet pods)
    {
        var item = port.Places?.Item ?? port.Position;
        var better = $"{{port: {(port.EndPort is null ? port.Port : null) ?? Dns}, protocol: UDP}}";
        var text = scene.Text(item);
        return Scene.Warning(SemanticCodes.DnsOverTcpOnly,
            $"`{policy.FullName}` allows DNS over TCP alone for {scene.Names(pods)}", item, 1,
            "without `protocol: UDP` this is TCP", "names are asked for over UDP first: they do not resolve, or slowly",
            $"add `- {better}` beside it") with
        {
            Fix = text is null ? null : new Fix(YamlItems.Before(text, item, better)),
        };
    }

    private static bool MayBeDns(TierRule rule) => rule.Action == TierAction.Accept
        && (rule.Ports.Count == 0 || rule.Ports.Any(p => p.Name is { } name
            ? name.Contains("dns", StringComparison.Ordinal)
            : p.Protocol != TransportProtocol.Sctp && p.First <= Dns && Dns <= p.Last));
}
