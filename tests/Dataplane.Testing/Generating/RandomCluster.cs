using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Testing.Generating;

/// <summary>
/// Valid clusters in which things collide: few label keys and values, blocks and holes cut around addresses in use,
/// ports beside each other, names declared with several protocols, pods of one family or both, hostNetwork pods,
/// namespaces that nothing declares. The same seed and size give the same cluster.
/// </summary>
public static class RandomCluster
{
    /// <summary>
    /// Addresses outside any generated cluster that its blocks know of. Two lie inside the pod networks.
    /// </summary>
    public static IReadOnlyList<ExternalEndpoint> Externals { get; } =
    [
        .. new[] { "10.244.0.200", "172.17.1.9", "172.17.5.9", "192.168.5.10", "2001:db8::9", "fd00:10:244::c8" }
            .Select(text => new ExternalEndpoint(IPAddress.Parse(text))),
    ];

    /// <summary>On, beside and between the ports that rules and pods name.</summary>
    public static IReadOnlyList<Probe> AllProbes { get; } =
    [
        .. from protocol in new[] { FlowProtocol.Tcp, FlowProtocol.Udp, FlowProtocol.Sctp }
           from port in new ushort[] { 1, 53, 79, 80, 81, 90, 91, 8080, 65535 }
           select new Probe(protocol, port),
        new Probe(FlowProtocol.Icmp, 0),
    ];

    /// <param name="size">1 or more: the most pods, and the most policies, that there may be.</param>
    /// <param name="tiers">Cluster-wide policies too, as many at most. Without them the cluster is otherwise the
    /// same.</param>
    public static Cluster Generate(int seed, int size, bool tiers = false)
    {
        var builder = new RandomClusterBuilder(new System.Random(seed), size);
        var cluster = builder.Build();
        return tiers ? builder.WithTiers(cluster) : cluster;
    }

    /// <summary>
    /// Every flow between the cluster's pods, its node and <see cref="Externals"/>, for every probe and family;
    /// thousands even for few pods.
    /// </summary>
    public static IEnumerable<Flow> Flows(Cluster cluster)
    {
        IReadOnlyList<Endpoint> endpoints = [.. cluster.Pods, cluster.Node, .. Externals];
        return from family in AddressFamilies.All
               from source in endpoints
               where source.AddressIn(family) is not null
               from destination in endpoints
               where destination.AddressIn(family) is not null
                   && !(source is ExternalEndpoint && destination is ExternalEndpoint)
               from probe in AllProbes
               select new Flow(source, destination, probe, family);
    }
}

internal sealed partial class RandomClusterBuilder(System.Random random, int size)
{
    private static readonly string[] Namespaces = ["a", "b", "c"];
    private static readonly ushort[] Ports = [1, 53, 79, 80, 81, 90, 8080, 65535];
    private static readonly string[] PortNames = ["http", "dns", "web"];
    private static readonly NodeEndpoint Node = Lab.Node;

    private readonly List<IPAddress> _known =
        [Node.IPv4!, Node.IPv6!, .. RandomCluster.Externals.Select(external => external.Address)];
    private int _line;

    public Cluster Build()
    {
        var namespaces = Namespaces.Where(_ => !Chance(25)).Select(Namespace).ToDictionary(found => found.Name);
        var pods = Times(1, size, Pod).OrderBy(pod => pod.Name, StringComparer.Ordinal).ToList();
        var policies = Times(0, size, Policy).OrderBy(policy => policy.FullName, StringComparer.Ordinal).ToList();
        return new Cluster(namespaces, pods, policies, Node);
    }

    private NamespaceObject Namespace(string name) =>
        new(name, new Dictionary<string, string>(Labels()) { ["kubernetes.io/metadata.name"] = name }, Position());

    private PodEndpoint Pod(int index)
    {
        var hostNetwork = Chance(12);
        var pod = new PodObject(Pick(Namespaces), $"p{index}", Labels(), Times(0, 3, _ => ContainerPort()), hostNetwork,
            [], Position());
        if (hostNetwork)
        {
            return new PodEndpoint(pod, Node.IPv4, Node.IPv6);
        }
        var families = random.Next(5);
        var v4 = families == 0 ? null
            : IPAddress.Parse(Chance(15) ? $"192.168.5.{index + 11}" : $"10.244.0.{index + 2}");
        var v6 = families == 1 ? null
            : IPAddress.Parse(Chance(15) ? $"2001:db8::{index + 0x10:x}" : $"fd00:10:244::{index + 2:x}");
        _known.AddRange(new[] { v4, v6 }.OfType<IPAddress>());
        return new PodEndpoint(pod, v4, v6);
    }

    private ContainerPort ContainerPort() =>
        new(Chance(25) ? null : Pick(PortNames), Pick(Ports), Protocol(), Position());

    private NetworkPolicyObject Policy(int index)
    {
        var ingress = Times(0, 2, _ => Rule());
        var egress = Times(0, 2, _ => Rule());
        var byDefault = Chance(30);
        var direction = random.Next(3);
        return new NetworkPolicyObject(
            Pick(Namespaces), $"np{index}", new Dictionary<string, string>(), Chance(40) ? Selector(0) : Selector(2),
            byDefault || direction != 0, byDefault ? egress.Count > 0 : direction != 1, ingress, egress, Position());
    }

    private NetworkPolicyRule Rule() => new(Times(0, 2, _ => Peer()), Times(0, 2, _ => Port()), Position());

    private NetworkPolicyPeer Peer() => random.Next(5) switch
    {
        0 => new(Selector(2), null, null, Position()),
        1 => new(null, NamespaceSelector(), null, Position()),
        2 => new(Selector(2), NamespaceSelector(), null, Position()),
        _ => new(null, null, Block(), Position()),
    };

    private LabelSelector NamespaceSelector() => Chance(30)
        ? new([new("kubernetes.io/metadata.name", Chance(70) ? SelectorOperator.In : SelectorOperator.NotIn,
            [Pick(Namespaces)], Position())], Position())
        : Selector(2);

    private LabelSelector Selector(int most) => new(Times(0, most, _ => Requirement()), Position());

    private SelectorRequirement Requirement()
    {
        var op = (SelectorOperator)random.Next(4);
        IReadOnlyList<string> values =
            op is SelectorOperator.In or SelectorOperator.NotIn ? [.. Times(1, 2, _ => Value()).Distinct()] : [];
        return new SelectorRequirement(Pick("app", "tier"), op, values, Position());
    }

    private Dictionary<string, string> Labels() =>
        new[] { "app", "tier" }.Where(_ => Chance(70)).ToDictionary(key => key, _ => Value());

    private string Value() => Chance(10) ? "" : Pick("a", "b");

    private NetworkPolicyPort Port()
    {
        var protocol = Protocol();
        var (first, second) = (Pick(Ports), Pick(Ports));
        return random.Next(5) switch
        {
            0 => new(protocol, null, null, null, Position()),
            1 => new(protocol, first, null, null, Position()),
            2 => new(protocol, Math.Min(first, second), Math.Max(first, second), null, Position()),
            _ => new(protocol, null, null, Pick(PortNames), Position()),
        };
    }

    private IpBlock Block()
    {
        var cidr = NetworkAround(Pick([.. _known]), 0);
        var inside = _known.Where(cidr.Contains).ToArray();
        var bits = cidr.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        var holes = cidr.PrefixLength == bits ? []
            : Times(0, 2, _ => NetworkAround(Pick(inside), cidr.PrefixLength + 1));
        return new IpBlock(cidr, holes, Position());
    }

    /// <summary>Mostly narrow enough to tell neighbours apart.</summary>
    private IPNetwork NetworkAround(IPAddress address, int shortest)
    {
        var bytes = address.GetAddressBytes();
        var bits = bytes.Length * 8;
        var prefix = Math.Max(shortest, Chance(15) ? 0 : Chance(25) ? bits / 2 : bits - random.Next(5));
        for (var bit = prefix; bit < bits; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }
        return new IPNetwork(new IPAddress(bytes), prefix);
    }

    private TransportProtocol Protocol() => random.Next(6) switch
    {
        0 => TransportProtocol.Sctp,
        1 or 2 => TransportProtocol.Udp,
        _ => TransportProtocol.Tcp,
    };

    private bool Chance(int percent) => random.Next(100) < percent;

    private T Pick<T>(params T[] items) => items[random.Next(items.Length)];

    private List<T> Times<T>(int least, int most, Func<int, T> make) =>
        [.. Enumerable.Range(0, random.Next(least, most + 1)).Select(make)];

    private SourcePosition Position() => new("random.yaml", ++_line, 1);
}
