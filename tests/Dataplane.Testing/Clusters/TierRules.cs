using System.Net;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Testing.Clusters;

/// <summary>Rules, peers and ports of cluster-wide policies in one line each.</summary>
public static class TierRules
{
    public static TierRule Accept(TierPeer peer, params string[] ports) => Of(TierAction.Accept, [peer], ports);

    public static TierRule Deny(TierPeer peer, params string[] ports) => Of(TierAction.Deny, [peer], ports);

    public static TierRule Pass(TierPeer peer, params string[] ports) => Of(TierAction.Pass, [peer], ports);

    public static TierRule Of(TierAction action, TierPeer[] peers, string[] ports) =>
        new(null, action, peers, [.. ports.Select(Port)], Selector.Nowhere);

    public static TierPeer Namespaces(string selector = "{}") =>
        new(Selector.Of(selector), null, null, [], Selector.Nowhere);

    public static TierPeer Pods(string namespaces, string pods) =>
        new(Selector.Of(namespaces), Selector.Of(pods), null, [], Selector.Nowhere);

    public static TierPeer Nodes(string selector = "{}") =>
        new(null, null, Selector.Of(selector), [], Selector.Nowhere);

    public static TierPeer Networks(params string[] cidrs) =>
        new(null, null, null, [.. cidrs.Select(IPNetwork.Parse)], Selector.Nowhere);

    /// <summary><c>TCP</c> (all of it), <c>TCP 80</c>, <c>TCP 80-90</c>, or the name of a port: <c>http</c>.</summary>
    public static TierPort Port(string text)
    {
        var parts = text.Split(' ');
        if (!Enum.TryParse<TransportProtocol>(parts[0], ignoreCase: true, out var protocol))
        {
            return new TierPort(null, 0, 0, text, Selector.Nowhere);
        }
        var ends = parts.Length == 1 ? [0, ushort.MaxValue] : parts[1].Split('-').Select(ushort.Parse).ToArray();
        return new TierPort(protocol, ends[0], ends[^1], null, Selector.Nowhere);
    }
}
