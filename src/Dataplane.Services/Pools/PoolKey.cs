using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Services.Pools;

/// <summary>
/// What makes a pool of a Service the same one when the Service is described anew. The name of the port and not its
/// place: what clients are bound to must not pass from one port to another.
/// </summary>
/// <param name="PortName">Null: the only port, without a name.</param>
internal readonly record struct PoolKey(string? PortName, TransportProtocol Protocol, AddressFamily Family,
    bool IsLocal, bool IsRestricted);
