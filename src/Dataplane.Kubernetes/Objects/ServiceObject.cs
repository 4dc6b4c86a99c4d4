using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 Service, with the defaults of the API server.</summary>
public sealed record ServiceObject(string Namespace, string Name, IReadOnlyDictionary<string, string> Labels,
    SourcePosition Position) : KubernetesObject(Namespace, Name, Labels, Position)
{
    /// <summary>Seconds for which <c>sessionAffinity: ClientIP</c> holds where nothing else is said.</summary>
    public const int DefaultAffinitySeconds = 10800;

    public override string Kind => ObjectKinds.Service.Name;

    public ServiceType Type { get; init; }

    /// <summary>Labels of the pods behind it. Empty: it finds no pods by itself, its endpoints are written by
    /// hand.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; init; } = LabelMap.Empty;

    /// <summary>The selector with the places of its labels; empty for a Service that no manifest wrote.</summary>
    public IReadOnlyList<SelectorRequirement> Requirements { get; init; } = [];

    public IReadOnlyList<ServicePort> Ports { get; init; } = [];

    /// <summary><c>clusterIP: None</c>: its name stands for the addresses of its endpoints.</summary>
    public bool IsHeadless { get; init; }

    /// <summary>The ClusterIPs that the manifest asks for, at most one of each family; others are assigned.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Where <c>clusterIP</c> or <c>clusterIPs</c> stands; null: neither is written.</summary>
    public SourcePosition? AddressPosition { get; init; }

    /// <summary>Where to look for its ClusterIPs.</summary>
    public SourcePosition AddressPlace => AddressPosition ?? Position;

    /// <summary>The families that the manifest asks for, the first one first; empty: as the node has them.</summary>
    public IReadOnlyList<AddressFamily> Families { get; init; } = [];

    public FamilyPolicy FamilyPolicy { get; init; }

    /// <summary>The name that an ExternalName stands for, without a final dot; null for other types.</summary>
    public string? ExternalName { get; init; }

    /// <summary>Addresses of elsewhere, of which packets that reach the node are for the Service.</summary>
    public IReadOnlyList<IPAddress> ExternalAddresses { get; init; } = [];

    /// <summary>The addresses of a load balancer that hands packets on unchanged (<c>status.loadBalancer</c>,
    /// ipMode VIP).</summary>
    public IReadOnlyList<IPAddress> LoadBalancerAddresses { get; init; } = [];

    /// <summary>The address of a load balancer that the manifest asks for (<c>loadBalancerIP</c>); null: any.</summary>
    public IPAddress? RequestedLoadBalancerAddress { get; init; }

    /// <summary>Who serves the load balancer; null: whoever does so by default.</summary>
    public string? LoadBalancerClass { get; init; }

    /// <summary>Who may reach the Service through a load balancer; empty: everybody.</summary>
    public IReadOnlyList<IPNetwork> SourceRanges { get; init; } = [];

    /// <summary>Seconds for which a client keeps its endpoint, 1 to 86400; null: each connection is chosen
    /// anew.</summary>
    public int? AffinitySeconds { get; init; }

    public TrafficPolicy ExternalPolicy { get; init; }

    public TrafficPolicy InternalPolicy { get; init; }

    /// <summary>Pods are endpoints, and have names, before they are ready.</summary>
    public bool PublishesNotReady { get; init; }

    /// <summary>False: a LoadBalancer gets no ports of nodes that the manifest does not name.</summary>
    public bool AllocatesNodePorts { get; init; } = true;

    /// <summary>The port of the nodes where load balancers ask for local endpoints, as the manifest asks for it; null:
    /// assigned where <see cref="NeedsHealthCheck"/>.</summary>
    public ushort? HealthCheckPort { get; init; }

    /// <summary>Whether load balancers ask the nodes which of them has endpoints.</summary>
    public bool NeedsHealthCheck => Type == ServiceType.LoadBalancer && ExternalPolicy == TrafficPolicy.Local;

    /// <summary>Whether packets from outside the cluster can be for it.</summary>
    public bool IsExternallyAccessible =>
        Type is ServiceType.NodePort or ServiceType.LoadBalancer
        || (Type == ServiceType.ClusterIP && ExternalAddresses.Count > 0);

    public bool Selects(PodObject pod) => Selector.Count > 0 && pod.Namespace == Namespace
        && Selector.All(label => pod.Labels.TryGetValue(label.Key, out var value) && value == label.Value);
}
