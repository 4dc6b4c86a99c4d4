using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// The name servers of a cluster, and whether a rule lets packets to one of them pass: pods that show by a port, a name
/// or a label that they are one; where none is loaded, the pods that every cluster has (namespace kube-system, label
/// k8s-app=kube-dns); and servers outside, for which a rule must say so by its ports or by an address of theirs.
/// </summary>
internal sealed class NameServers
{
    private const ushort Dns = 53, OtherDns = 5353;
    private const string NameLabel = "kubernetes.io/metadata.name", DnsNamespace = "kube-system", AppLabel = "k8s-app";

    /// <summary>The labels that name an application, the most usual of DNS first.</summary>
    public static readonly string[] AppLabels =
        [AppLabel, "app", "app.kubernetes.io/name", "app.kubernetes.io/component"];

    /// <summary>The labels of the DNS pods that every cluster has, and of their namespace.</summary>
    private static readonly IReadOnlyDictionary<string, string>
        SystemLabels = new Dictionary<string, string> { [NameLabel] = DnsNamespace },
        ServerLabels = new Dictionary<string, string> { [AppLabel] = "kube-dns" };

    private readonly Scene _scene;
    private readonly AddressSet _servers;
    private readonly Dictionary<PodObject, IReadOnlyList<ContainerPort>> _ports =
        new(ReferenceEqualityComparer.Instance);

    public NameServers(Scene scene)
    {
        _scene = scene;
        _servers = scene.Space.Nothing;
        for (var i = 0; i < scene.Space.Addresses.Count; i++)
        {
            var pod = scene.Space.Addresses[i].Pod.Pod;
            if (_ports.ContainsKey(pod) || (PortsOf(pod) is { Count: > 0 } ports && _ports.TryAdd(pod, ports)))
            {
                _servers.Add(i);
            }
        }
    }

    /// <summary>The first name server that is loaded; null where none is.</summary>
    public PodObject? First => _scene.PodsOf(_servers).FirstOrDefault();

    /// <summary>The ports on which a loaded name server answers, each once.</summary>
    /// <param name="server">Null: the usual port.</param>
    public IReadOnlyList<ushort> Numbers(PodObject? server) =>
        server is null ? [Dns] : [.. _ports[server].Select(p => p.Port).Distinct()];

    /// <summary>A loaded name server that the rule allows, on whatever port; null for none.</summary>
    public PodObject? Among(NetworkPolicyObject policy, NetworkPolicyRule rule) => rule.Peers.Count == 0 ? First
        : rule.Peers.SelectMany(p => _scene.PodsOf(_scene.PodsOf(policy, p).IntersectWith(_servers))).FirstOrDefault();

    /// <summary>Whether a rule may let DNS over the protocol pass.</summary>
    /// <returns>Whether it may, and by which of its <c>ports</c>: null where it has none.</returns>
    public (bool Allowed, NetworkPolicyPort? By) Allows(NetworkPolicyObject policy, NetworkPolicyRule rule,
        TransportProtocol protocol)
    {
        if (rule.Ports.Count == 0)
        {
            return (rule.Peers.Count == 0 || rule.Peers.Any(p => Reaches(policy, p, protocol, null)), null);
        }
        foreach (var port in rule.Ports.Where(p => p.Protocol == protocol))
        {
            if (rule.Peers.Count == 0 ? AnywhereBy(port) : rule.Peers.Any(p => Reaches(policy, p, protocol, port)))
            {
                return (true, port);
            }
        }
        return (false, null);
    }

    private bool AnywhereBy(NetworkPolicyPort port) =>
        _servers.IsEmpty ? IsDns(port) : _scene.PodsOf(_servers).Any(server => Answers(server, port));

    /// <param name="port">Null: any.</param>
    private bool Reaches(NetworkPolicyObject policy, NetworkPolicyPeer peer, TransportProtocol protocol,
        NetworkPolicyPort? port)
    {
        var pods = _scene.PodsOf(policy, peer);
        var servers = pods.Clone().IntersectWith(_servers);
        if (!servers.IsEmpty)
        {
            return port is null || _scene.PodsOf(servers).Any(server => Answers(server, port));
        }
        if (peer.IpBlock is { } block)
        {
            // An address alone that is a pod's is that pod, which is no name server.
            return port is not null && Names(port) ? pods.IsEmpty || !IsOneAddress(block)
                : (port is null || Contains(port)) && MayHoldServer(block);
        }
        if (pods.IsEmpty)
        {
            return !IsSystemOfElsewhere(policy, peer) && (port is null ? IsOfDns(peer) : IsDns(port));
        }
        // A container need not declare its ports, so a rule for the port of DNS is taken at its word.
        return (port is not null && Names(port) && _scene.PodsOf(pods).Any(p => p.Ports.Count == 0))
            || (_servers.IsEmpty && (port is null || IsDns(port)) && MatchesSystem(peer));
    }

    private bool Answers(PodObject server, NetworkPolicyPort port) => _ports[server].Any(p => port.Name is { } name
        ? name == p.Name && p.Protocol == port.Protocol
        : port.Port is not { } first || (first <= p.Port && p.Port <= (port.EndPort ?? first)));

    /// <summary>The pods that every cluster has, which manifests of its users do not.</summary>
    private static bool MatchesSystem(NetworkPolicyPeer peer) =>
        peer.NamespaceSelector?.Matches(SystemLabels) is true && peer.PodSelector?.Matches(ServerLabels) is not false;

    /// <summary>The DNS pods that every cluster has, looked for in a namespace that does not have them.</summary>
    private static bool IsSystemOfElsewhere(NetworkPolicyObject policy, NetworkPolicyPeer peer) =>
        peer is { NamespaceSelector: null, PodSelector.Requirements.Count: > 0 } && policy.Namespace != DnsNamespace
        && peer.PodSelector.Matches(ServerLabels);

    /// <summary>A peer that stands for no loaded pod, and says by its labels that it is about DNS.</summary>
    private static bool IsOfDns(NetworkPolicyPeer peer) => MatchesSystem(peer)
        || new[] { peer.PodSelector, peer.NamespaceSelector }.Any(s => s is not null && s.Requirements.Any(r =>
            r.Key.Contains("dns", StringComparison.Ordinal)
                || r.Values.Any(v => v == DnsNamespace || v.Contains("dns", StringComparison.Ordinal))))
        || (peer.NamespaceSelector is not null && peer.PodSelector is not { Requirements.Count: > 0 });

    /// <summary>Names the port of DNS, by number or by name, and not merely contains it.</summary>
    private static bool Names(NetworkPolicyPort port) => port.Name is { } name ? IsDnsName(name)
        : port.Port is Dns or OtherDns && (port.EndPort ?? port.Port) == port.Port;

    private static bool IsDns(NetworkPolicyPort port) => Names(port) || Contains(port);

    private static bool Contains(NetworkPolicyPort port) => port.Name is null
        && (port.Port is not { } first || (first <= Dns && Dns <= (port.EndPort ?? first)));

    /// <summary>
    /// A block without the ports of DNS: an address of the link, as the cache of a node has; the tenth address of a
    /// range of Services; where no name server is loaded, any wide block.
    /// </summary>
    private bool MayHoldServer(IpBlock block)
    {
        var (address, length) = (block.Cidr.BaseAddress, block.Cidr.PrefixLength);
        var bytes = address.GetAddressBytes();
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork;
        var isKnown = isIPv4 ? (bytes[0] == 169 && bytes[1] == 254) || (bytes[2] == 0 && bytes[3] == 10)
            : address.IsIPv6LinkLocal || (bytes[15] == 10 && bytes.AsSpan(8, 7).IndexOfAnyExcept((byte)0) < 0);
        return isKnown || (_servers.IsEmpty && length <= (isIPv4 ? 24 : 112));
    }

    private static bool IsOneAddress(IpBlock block) =>
        block.Cidr.PrefixLength == block.Cidr.BaseAddress.GetAddressBytes().Length * 8;

    /// <summary>The ports of DNS that a pod declares; the usual ones where only its labels show it.</summary>
    private static List<ContainerPort> PortsOf(PodObject pod)
    {
        var declared = pod.Ports.Where(p => p.Protocol != TransportProtocol.Sctp
            && (p.Port is Dns or OtherDns || (p.Name is { } name && IsDnsName(name)))).ToList();
        if (declared.Count > 0)
        {
            return declared;
        }
        return !IsDnsApp(pod) ? []
            : [.. new[] { TransportProtocol.Udp, TransportProtocol.Tcp }
                .Select(protocol => new ContainerPort(null, Dns, protocol, pod.Position))];
    }

    private static bool IsDnsApp(PodObject pod) => AppLabels.Any(key => pod.Labels.TryGetValue(key, out var value)
        && value is "kube-dns" or "coredns" or "node-local-dns");

    private static bool IsDnsName(string name) =>
        name.StartsWith("dns", StringComparison.Ordinal) || name is "domain" or "mdns";
}
