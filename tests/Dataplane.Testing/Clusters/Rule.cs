using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Selectors;

namespace Dataplane.Testing.Clusters;

/// <summary>Rules, peers and ports in one line each.</summary>
public static class Rule
{
    /// <summary>The rule <c>{}</c>.</summary>
    public static NetworkPolicyRule Everything => Of([], []);

    public static NetworkPolicyRule Peers(params NetworkPolicyPeer[] peers) => Of(peers, []);

    public static NetworkPolicyRule Ports(params string[] ports) => Of([], ports);

    public static NetworkPolicyRule Of(NetworkPolicyPeer[] peers, string[] ports) =>
        new(peers, [.. ports.Select(Port)], Selector.Nowhere);

    public static NetworkPolicyPeer Pods(string selector) => new(Selector.Of(selector), null, null, Selector.Nowhere);

    public static NetworkPolicyPeer Namespaces(string selector) =>
        new(null, Selector.Of(selector), null, Selector.Nowhere);

    public static NetworkPolicyPeer Both(string namespaces, string pods) =>
        new(Selector.Of(pods), Selector.Of(namespaces), null, Selector.Nowhere);

    public static NetworkPolicyPeer Block(string cidr, params string[] except) =>
        new(null, null, new IpBlock(IPNetwork.Parse(cidr), [.. except.Select(IPNetwork.Parse)], Selector.Nowhere),
            Selector.Nowhere);

    /// <summary>
    /// <c>TCP</c>, <c>TCP 80</c>, <c>TCP 80-90</c>, <c>UDP dns</c>, as <see cref="PortText"/> prints them.
    /// </summary>
    public static NetworkPolicyPort Port(string text)
    {
        var parts = text.Split(' ');
        var protocol = Enum.Parse<TransportProtocol>(parts[0], ignoreCase: true);
        if (parts.Length == 1)
        {
            return new NetworkPolicyPort(protocol, null, null, null, Selector.Nowhere);
        }
        if (!char.IsAsciiDigit(parts[1][0]))
        {
            return new NetworkPolicyPort(protocol, null, null, parts[1], Selector.Nowhere);
        }
        var ends = parts[1].Split('-').Select(ushort.Parse).ToArray();
        return new NetworkPolicyPort(protocol, ends[0], ends.Length > 1 ? ends[1] : null, null, Selector.Nowhere);
    }
}
