using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>A frontend that a Service or a pod wants, and the pool it is to lead to.</summary>
internal readonly record struct WantedFrontend(Frontend Frontend, FrontendKind Kind, int PortIndex, PoolKey Pool);

/// <summary>The frontends that are wanted.</summary>
internal static class FrontendPlan
{
    /// <summary>Those of all, each with the full name of who wants it.</summary>
    public static IEnumerable<(string Owner, WantedFrontend Want)> Of(Cluster cluster) =>
        cluster.Services.SelectMany(Of, (service, want) => (service.Object.FullName, want))
            .Concat(cluster.Pods.SelectMany(Of, (pod, want) => (pod.Name, want)));

    /// <summary>Those of the ports of the node that lead to a pod, in the families that it has. A hostNetwork pod is
    /// the node itself.</summary>
    public static IEnumerable<WantedFrontend> Of(PodEndpoint pod) =>
        from port in pod.IsHostNetwork ? [] : pod.Pod.HostPorts.Index()
        from family in AddressFamilies.All
        where pod.Address(family) is not null
        let isAtAll = port.Item.IsAtAll(family)
        where isAtAll || (port.Item.Address!.AddressFamily == family && !IPAddress.IsLoopback(port.Item.Address))
        from side in Enum.GetValues<FrontendSide>()
        let frontend = new Frontend(side, family, isAtAll ? null : port.Item.Address,
            port.Item.Protocol.ToFlowProtocol(), port.Item.Number)
        select new WantedFrontend(frontend, FrontendKind.NodePort, port.Index, PoolKey.OfHostPort(port.Item, family));

    /// <summary>Those of a Service: only in a family in which it has a ClusterIP.</summary>
    public static IEnumerable<WantedFrontend> Of(PlacedService service) =>
        from family in AddressFamilies.All
        where service.Addresses[family] is not null
        from index in Enumerable.Range(0, service.Object.Ports.Count)
        from wanted in OfPort(service, index, family)
        select wanted;

    private static IEnumerable<WantedFrontend> OfPort(PlacedService service, int index, AddressFamily family)
    {
        var (spec, port) = (service.Object, service.Object.Ports[index]);
        yield return Wanted(FrontendSide.Inside, FrontendKind.ClusterIP, service.Addresses[family], port.Port,
            spec.InternalPolicy == TrafficPolicy.Local, isRestricted: false);
        foreach (var address in spec.ExternalAddresses.Where(a => a.AddressFamily == family).Distinct())
        {
            foreach (var wanted in Both(FrontendKind.ExternalIP, address, port.Port, isRestricted: false))
                yield return wanted;
        }
        var balanced = spec.Type == ServiceType.LoadBalancer ? service.LoadBalancerAddresses : [];
        foreach (var address in balanced.Where(a => a.AddressFamily == family).Distinct())
        {
            foreach (var wanted in Both(FrontendKind.LoadBalancer, address, port.Port, spec.SourceRanges.Count > 0))
                yield return wanted;
        }
        if (service.NodePorts[index] is not { } nodePort) yield break;
        foreach (var wanted in Both(FrontendKind.NodePort, null, nodePort, isRestricted: false)) yield return wanted;

        // Packets from inside are not confined to the node by the policy for packets from outside.
        WantedFrontend[] Both(FrontendKind kind, IPAddress? address, ushort number, bool isRestricted) =>
        [
            Wanted(FrontendSide.Inside, kind, address, number, isLocal: false, isRestricted),
            Wanted(FrontendSide.Outside, kind, address, number, spec.ExternalPolicy == TrafficPolicy.Local,
                isRestricted),
        ];

        WantedFrontend Wanted(FrontendSide side, FrontendKind kind, IPAddress? address, ushort number, bool isLocal,
            bool isRestricted) =>
            new(new Frontend(side, family, address, port.Protocol.ToFlowProtocol(), number), kind, index,
                new PoolKey(port.Name, port.Protocol, family, isLocal, isRestricted));
    }
}
