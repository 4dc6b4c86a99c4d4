using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Testing.Generating;

/// <summary>
/// Services in which things collide: few addresses, ports and names, addresses that several Services claim or that pods
/// and the node have, listings that say the same twice, pods in every state. The same seed gives the same.
/// </summary>
public sealed class RandomServices(int seed)
{
    private const string ThisNode = "here";

    private static readonly string[] Namespaces = ["a", "b"];

    private static readonly string[] ClusterIPs =
        ["10.96.0.1", "10.96.0.2", "10.96.0.3", "fd00:10:96::1", "fd00:10:96::2", "fd00:10:96::3"];

    private static readonly string[] Elsewhere =
        ["172.17.1.9", "192.0.2.50", "192.0.2.51", "10.96.0.2", "10.244.0.1", "2001:db8::9", "2001:db8::50"];

    private static readonly string[] Listed =
        ["10.244.0.1", "10.244.0.2", "10.244.0.3", "192.168.5.13", "192.0.2.7", "fd00:10:244::2", "2001:db8::7"];

    private static readonly string[] Ranges = ["10.244.0.0/24", "172.17.0.0/16", "192.168.5.10/32", "2001:db8::/32"];

    private static readonly string[] HostAddresses =
        ["10.244.0.1", "192.0.2.50", "127.0.0.1", "0.0.0.0", "::", "2001:db8::50", "10.96.0.2"];

    private static readonly ushort[] Ports = [53, 80, 81], NodePorts = [30000, 30001], HostPorts = [80, 82];

    private static readonly IReadOnlyDictionary<string, string> NoLabels = new Dictionary<string, string>();

    private readonly Random _random = new(seed);
    private int _line;

    /// <summary>Destinations at which something may happen, and one at which nothing does.</summary>
    public static IReadOnlyList<IPAddress> Destinations { get; } =
        [.. ClusterIPs.Concat(Elsewhere).Append("fd00:10:244::1").Append("198.51.100.1").Select(IPAddress.Parse)];

    /// <summary>Ports that Services and nodes have, and one that no Service has.</summary>
    public static IReadOnlyList<Probe> Probes { get; } =
    [
        .. from protocol in new[] { FlowProtocol.Tcp, FlowProtocol.Udp, FlowProtocol.Sctp }
           from port in Ports.Concat(NodePorts).Append((ushort)82)
           select new Probe(protocol, port),
    ];

    /// <summary>The pods of the cluster in every state, with Services and objects that list addresses.</summary>
    public Cluster On(Cluster cluster)
    {
        var pods = cluster.Pods.Select(pod => new PodEndpoint(InSomeState(pod.Pod), pod.IPv4, pod.IPv6)).ToList();
        return cluster with
        {
            Pods = pods,
            Services = Sorted(Times(1, 5, Service)),
            Endpoints = Times(0, 4, Listing),
            NodeName = Chance(80) ? ThisNode : null,
        };
    }

    /// <summary>A few objects come, go or are described anew; the others are the same instances.</summary>
    public Cluster Changed(Cluster cluster)
    {
        for (var changes = _random.Next(1, 4); changes > 0; changes--) cluster = ChangedOnce(cluster);
        return cluster;
    }

    private Cluster ChangedOnce(Cluster cluster) => _random.Next(12) switch
    {
        0 => cluster with { Pods = Without(cluster.Pods) },
        1 or 2 => With(cluster, RandomCluster.Generate(_random.Next(), 6).Pods),
        3 or 4 => cluster with
        {
            Pods = Replaced(cluster.Pods, pod => new PodEndpoint(InSomeState(pod.Pod), pod.IPv4, pod.IPv6)),
        },
        5 or 6 => Added(cluster, Service(_random.Next(5))),
        7 => cluster with { Services = Without(cluster.Services) },
        8 => cluster with { Services = Replaced(cluster.Services, Altered) },
        9 => cluster with { Endpoints = [.. cluster.Endpoints, Listing(_random.Next())] },
        10 => cluster with { Endpoints = Without(cluster.Endpoints) },
        _ => Moved(cluster with { NodeName = Chance(50) ? ThisNode : "other" }, Chance(70) ? cluster.Node
            : new NodeEndpoint(IPAddress.Parse(Pick("10.244.0.1", "10.244.0.2", "192.0.2.7")), cluster.Node.IPv6)),
    };

    /// <summary>hostNetwork pods go with the node.</summary>
    private static Cluster Moved(Cluster cluster, NodeEndpoint node) => cluster with
    {
        Node = node,
        Pods = [.. cluster.Pods.Select(pod =>
            pod.IsHostNetwork && !node.IPv4!.Equals(pod.IPv4) ? new PodEndpoint(pod.Pod, node.IPv4, node.IPv6) : pod)],
    };

    private static Cluster Added(Cluster cluster, PlacedService service) => cluster with
    {
        Services = Sorted([.. cluster.Services.Where(other => other.Name != service.Name), service]),
    };

    private static Cluster With(Cluster cluster, IReadOnlyList<PodEndpoint> pods)
    {
        var taken = cluster.Pods.SelectMany(p => new[] { p.IPv4, p.IPv6 }).OfType<IPAddress>().ToHashSet();
        var fresh = Moved(cluster with { Pods = pods }, cluster.Node).Pods.FirstOrDefault(pod =>
            !cluster.Pods.Any(p => p.Name == pod.Name)
            && !new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>().Any(taken.Contains));
        return fresh is null ? cluster : cluster with { Pods = [.. cluster.Pods, fresh] };
    }

    private PodObject InSomeState(PodObject pod) => pod with
    {
        IsReady = Chance(70), IsTerminating = Chance(25), HostName = Chance(30) ? pod.Name : null,
        Subdomain = Chance(30) ? "s0" : null,
        HostPorts = Chance(50) ? [] : Times(1, 2, _ => new HostPort(Pick(HostPorts), Chance(40) ? null
            : Address(Pick(HostAddresses)), Protocol(), Pick<ushort>(80, 8080), Position()))
            .DistinctBy(p => (p.Number, p.Protocol, p.Address)).ToList(),
    };

    private PlacedService Service(int index)
    {
        var type = Pick(ServiceType.ClusterIP, ServiceType.NodePort, ServiceType.LoadBalancer, ServiceType.ClusterIP,
            ServiceType.LoadBalancer, ServiceType.ExternalName);
        var spec = Described(new ServiceObject(Pick(Namespaces), $"s{index}", NoLabels, Position())
        {
            Type = type,
            IsHeadless = type == ServiceType.ClusterIP && Chance(25),
            ExternalName = type == ServiceType.ExternalName ? "db.example" : null,
        });
        IReadOnlyList<AddressFamily> families = type == ServiceType.ExternalName ? []
            : Chance(50) ? [.. AddressFamilies.All] : [Pick([.. AddressFamilies.All])];
        return new PlacedService(spec, families,
            PerFamily.Of(f => spec.IsHeadless || !families.Contains(f) ? null
                : Address(Pick([.. ClusterIPs.Where(a => IPAddress.Parse(a).AddressFamily == f)]))),
            NodePortsOf(spec), spec.LoadBalancerAddresses, null);
    }

    /// <summary>With the same addresses.</summary>
    private PlacedService Altered(PlacedService service)
    {
        var spec = Described(service.Object);
        return new PlacedService(spec, service.Families, service.Addresses, NodePortsOf(spec),
            spec.LoadBalancerAddresses, null);
    }

    private List<ushort?> NodePortsOf(ServiceObject service) => [.. service.Ports.Select(_ =>
        service.Type is ServiceType.NodePort or ServiceType.LoadBalancer && Chance(80)
            ? Pick(NodePorts) : (ushort?)null)];

    private ServiceObject Described(ServiceObject service) => service with
    {
        Selector = Chance(30) ? NoLabels
            : new[] { "app", "tier" }.Where(_ => Chance(50)).ToDictionary(key => key, _ => Pick("a", "b")),
        Ports = [.. Times(1, 3, Port).DistinctBy(p => (p.Protocol, p.Port)).DistinctBy(p => p.Name)],
        ExternalAddresses = Chance(60) ? [] : Times(1, 2, _ => Address(Pick(Elsewhere))),
        LoadBalancerAddresses = service.Type == ServiceType.LoadBalancer
            ? Times(0, 2, _ => Address(Pick(Elsewhere))) : [],
        SourceRanges = service.Type == ServiceType.LoadBalancer && Chance(50)
            ? Times(1, 2, _ => IPNetwork.Parse(Pick(Ranges))) : [],
        AffinitySeconds = Chance(30) ? Pick(10, 10800) : null,
        ExternalPolicy = Pick(TrafficPolicy.Cluster, TrafficPolicy.Local),
        InternalPolicy = Pick(TrafficPolicy.Cluster, TrafficPolicy.Cluster, TrafficPolicy.Local),
        PublishesNotReady = Chance(20),
    };

    private ServicePort Port(int index)
    {
        var byName = Chance(30);
        return new ServicePort(index == 0 ? null : Pick("x", "y"), Protocol(), Pick(Ports),
            byName ? null : Pick<ushort>(80, 8080), byName ? Pick("http", "dns", "web") : null, null, Position());
    }

    private EndpointsObject Listing(int number)
    {
        var service = $"s{_random.Next(5)}";
        var kind = Chance(50) ? ObjectKinds.EndpointSlice : ObjectKinds.Endpoints;
        var labels = Chance(10)
            ? new Dictionary<string, string> { ["endpointslice.kubernetes.io/skip-mirror"] = "true" } : NoLabels;
        return new EndpointsObject(kind, Pick(Namespaces), kind == ObjectKinds.Endpoints ? service : $"e{number}",
            labels, Chance(10) ? null : service, Chance(20),
            Times(1, 2, _ => new EndpointSubset(Times(1, 3, _ => OneAddress()), Times(0, 2, EndpointPort))),
            Position());
    }

    private EndpointAddress OneAddress() => new(Address(Pick(Listed)), Chance(60), Chance(80), Chance(30),
        Chance(20) ? Pick("h0", "h1") : null, Chance(50) ? null : Pick(ThisNode, "other"), null, Position());

    private EndpointPort EndpointPort(int index) =>
        new(Pick(null, "x", "y"), Protocol(), Chance(90) ? Pick<ushort>(80, 8080) : null, Position());

    private TransportProtocol Protocol() =>
        Pick(TransportProtocol.Tcp, TransportProtocol.Tcp, TransportProtocol.Udp, TransportProtocol.Sctp);

    private static IPAddress Address(string text) => IPAddress.Parse(text);

    private static List<PlacedService> Sorted(IEnumerable<PlacedService> services) =>
        [.. services.DistinctBy(s => s.Name).OrderBy(s => s.Name, StringComparer.Ordinal)];

    private List<T> Without<T>(IReadOnlyList<T> list)
    {
        var at = _random.Next(Math.Max(1, list.Count));
        return [.. list.Where((_, index) => index != at)];
    }

    private List<T> Replaced<T>(IReadOnlyList<T> list, Func<T, T> other)
    {
        var at = _random.Next(Math.Max(1, list.Count));
        return [.. list.Select((item, index) => index == at ? other(item) : item)];
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private List<T> Times<T>(int least, int most, Func<int, T> make) =>
        [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(make)];

    private SourcePosition Position() => new("random.yaml", ++_line, 1);
}
