using System.Net;
using System.Net.Sockets;

namespace Dataplane.Policy.Model;

public static class EndpointFacts
{
    /// <summary>
    /// The endpoint's address of that family (InterNetwork or InterNetworkV6); null where it has none.
    /// </summary>
    public static IPAddress? AddressIn(this Endpoint endpoint, AddressFamily family) => endpoint switch
    {
        PodEndpoint pod => pod.Address(family),
        ExternalEndpoint external => external.Address.AddressFamily == family ? external.Address : null,
        NodeEndpoint node => new PerFamily<IPAddress?>(node.IPv4, node.IPv6)[family],
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, null),
    };

    /// <summary>
    /// Who has an address: a pod; the node, also for hostNetwork pods; or somebody outside.
    /// </summary>
    public static Endpoint At(this Cluster cluster, IPAddress address)
    {
        if (address.Equals(cluster.Node.AddressIn(address.AddressFamily)))
        {
            return cluster.Node;
        }
        var pod = cluster.Pods.FirstOrDefault(pod => address.Equals(pod.Address(address.AddressFamily)));
        return pod switch
        {
            null => cluster.FurtherNodeAddresses.Contains(address) ? NodeEndpoint.At(address)
                : new ExternalEndpoint(address),
            { IsHostNetwork: true } => cluster.Node,
            _ => pod,
        };
    }

    /// <summary>The cluster with addresses of the node, of which it may know some.</summary>
    public static Cluster WithFurther(this Cluster cluster, IEnumerable<IPAddress> addresses) => cluster with
    {
        FurtherNodeAddresses = [.. cluster.FurtherNodeAddresses.Union(addresses)
            .Except([cluster.Node.IPv4, cluster.Node.IPv6]).OfType<IPAddress>()],
    };

    /// <summary>Whether an address outside is one of the pods' or Services' networks that nobody has.</summary>
    public static bool IsNobody(this Cluster cluster, Endpoint endpoint) =>
        endpoint is ExternalEndpoint { Address: var address } && cluster.Networks.Any(n => n.Contains(address));

    /// <summary>
    /// A pod with a network of its own: what podSelectors can select. A hostNetwork pod is the node instead.
    /// </summary>
    public static PodEndpoint? AsSelectablePod(this Endpoint endpoint) =>
        endpoint is PodEndpoint { IsHostNetwork: false } pod ? pod : null;

    /// <summary>The node itself, or a hostNetwork pod, which no packet can tell from the node.</summary>
    public static bool IsNodeTraffic(this Endpoint endpoint) =>
        endpoint is NodeEndpoint or PodEndpoint { IsHostNetwork: true };
}
