using System.Globalization;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Services.Pools;

/// <summary>
/// What makes a pool of a Service or a pod the same one when that is described anew. The name of the port and not its
/// place: what clients are bound to must not pass from one port to another.
/// </summary>
/// <param name="PortName">Null: the only port, without a name. Ports of the node have their address and number, which
/// no port of a Service is called.</param>
internal readonly record struct PoolKey(string? PortName, TransportProtocol Protocol, AddressFamily Family,
    bool IsLocal, bool IsRestricted)
{
    /// <summary>The pool of one pod, behind a port of the node.</summary>
    public static PoolKey OfHostPort(HostPort port, AddressFamily family) => new(
        string.Create(CultureInfo.InvariantCulture, $"{port.Address}#{port.Number}"), port.Protocol, family,
        IsLocal: false, IsRestricted: false);
}
