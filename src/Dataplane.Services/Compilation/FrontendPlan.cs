using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>A frontend that a Service wants, and the pool it is to lead to.</summary>
internal readonly record struct WantedFrontend(Frontend Frontend, FrontendKind Kind, int PortIndex, PoolKey Pool);

/// <summary>The frontends that a Service wants. Only in a family in which it has a ClusterIP.</summary>
internal static class FrontendPlan
{
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
