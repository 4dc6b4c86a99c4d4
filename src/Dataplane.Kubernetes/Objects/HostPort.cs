using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>A port of the node that leads to a port of a pod (core/v1 ContainerPort, <c>hostPort</c>).</summary>
/// <param name="Address">The address of the node at which it is (<c>hostIP</c>); the unspecified one of a family stands
/// for all of that family, null for all of both.</param>
/// <param name="Target">The port of the pod.</param>
public sealed record HostPort(
    ushort Number, IPAddress? Address, TransportProtocol Protocol, ushort Target, SourcePosition Position)
{
    /// <summary>Whether it is at every address of a family that the node offers ports at.</summary>
    public bool IsAtAll(AddressFamily family) => Address is null || (Address.AddressFamily == family
        && (Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any)));

    /// <summary>
    /// Whether two pods of one node cannot have both, as the scheduler decides it: 0.0.0.0 stands for all addresses.
    /// </summary>
    public bool Meets(HostPort other) => Number == other.Number && Protocol == other.Protocol
        && (Address is null || other.Address is null || IsAtAll(AddressFamily.InterNetwork)
            || other.IsAtAll(AddressFamily.InterNetwork) || Address.Equals(other.Address)
            || (Address.AddressFamily == other.Address.AddressFamily
                && (IsAtAll(Address.AddressFamily) || other.IsAtAll(Address.AddressFamily))));
}
