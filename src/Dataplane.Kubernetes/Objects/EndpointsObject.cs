using System.Net;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>
/// Addresses behind a Service that an object lists: core/v1 Endpoints or discovery.k8s.io/v1 EndpointSlice, which
/// differ in spelling only.
/// </summary>
/// <param name="ObjectKind">The kind as written.</param>
/// <param name="Service">The name of the Service, in the namespace of the object; null where a slice names
/// none.</param>
/// <param name="IsManaged">A controller of a cluster made it from a selector, or from the other kind.</param>
public sealed record EndpointsObject(ObjectKind ObjectKind, string Namespace, string Name,
    IReadOnlyDictionary<string, string> Labels, string? Service, bool IsManaged, IReadOnlyList<EndpointSubset> Subsets,
    SourcePosition Position) : KubernetesObject(Namespace, Name, Labels, Position)
{
    public override string Kind => ObjectKind.Name;
}

/// <summary>Addresses, each of which has each of the ports.</summary>
/// <param name="Ports">Empty for a headless Service alone, whose names need none.</param>
public sealed record EndpointSubset(IReadOnlyList<EndpointAddress> Addresses, IReadOnlyList<EndpointPort> Ports);

/// <summary>An address behind a Service.</summary>
/// <param name="IsReady">It is to be sent new connections.</param>
/// <param name="IsServing">It answers, whether it is to be sent more or not.</param>
/// <param name="IsTerminating">It is about to go.</param>
/// <param name="HostName">Its own name in DNS, below that of a headless Service; null: none.</param>
/// <param name="NodeName">The node that it is on; null: not known.</param>
/// <param name="Pod">The name of the pod that has the address, in the namespace of the object; null: not
/// known.</param>
public sealed record EndpointAddress(IPAddress Address, bool IsReady, bool IsServing, bool IsTerminating,
    string? HostName, string? NodeName, string? Pod, SourcePosition Position);

/// <summary>A port of addresses behind a Service.</summary>
/// <param name="Name">That of the Service's port; null where it has none.</param>
/// <param name="Port">Null: every number, which a Service cannot lead to.</param>
public sealed record EndpointPort(string? Name, TransportProtocol Protocol, ushort? Port, SourcePosition Position);
