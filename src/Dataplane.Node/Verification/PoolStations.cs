using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Services;

namespace Dataplane.Node.Verification;

/// <summary>The backends that a packet to a Service may be translated to, and where each is.</summary>
internal sealed class PoolStations(IReadOnlyList<PoolStation> backends)
{
    /// <summary>Which backend a translated packet has as its destination; -1: none of them.</summary>
    public int Find(in ProbeIdentity packet)
    {
        for (var i = 0; i < backends.Count; i++)
            if (backends[i].Address == packet.Destination && backends[i].Port == packet.DestinationPort) return i;
        return -1;
    }

    /// <summary>Whether a backend is behind this interface of the node; none: the node itself.</summary>
    public bool IsAt(int backend, InterfaceIndex port) => backends[backend].Station.IsNode
        ? port == InterfaceIndex.None : backends[backend].Station.PortIndex == port;
}

internal readonly record struct PoolStation(Station Station, IpAddressValue Address, ushort Port)
{
    public static PoolStation Of(ServiceBackend backend, Station at) =>
        new(at, IpAddressValue.From(backend.Address), backend.Port);
}
