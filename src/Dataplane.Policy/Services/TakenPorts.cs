using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>
/// Ports of the node at which no packet arrives: they are those of Services, or lead to pods. Not thread-safe.
/// </summary>
public sealed class TakenPorts(Cluster cluster)
{
    private readonly Dictionary<(AddressFamily, Probe, bool), bool> _known = [];

    /// <summary>Whether a packet to the node, or to a pod in its network, becomes another.</summary>
    public bool Take(in Flow flow)
    {
        if (!flow.To.IsNodeTraffic() || flow.To.AddressIn(flow.Family) is not { } address) return false;
        var key = (flow.Family, flow.Probe, flow.From is ExternalEndpoint);
        if (_known.TryGetValue(key, out var taken)) return taken;
        return _known[key] =
            ServiceOracle.Ask(cluster, flow.From, address, flow.Probe).Fate != ServiceFate.NotForService;
    }
}
