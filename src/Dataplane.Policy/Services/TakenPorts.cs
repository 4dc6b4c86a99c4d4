using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>
/// Ports of the node, and of addresses outside, at which no packet arrives: they are those of Services, or lead to
/// pods. Not thread-safe.
/// </summary>
public sealed class TakenPorts(Cluster cluster)
{
    private readonly Dictionary<(IPAddress, Probe, bool), ServiceAnswer> _known = [];

    /// <summary>The addresses that may be taken: whether a packet is for one of them is asked often.</summary>
    private readonly HashSet<IPAddress> _addresses =
        [.. cluster.Services.SelectMany(service => ServiceFrontend.Of(cluster, service)).Select(f => f.Address),
            .. HostPortFrontend.Of(cluster).Select(f => f.Address)];

    /// <summary>Whether a packet to the node, a pod in its network, or an address outside becomes another.</summary>
    public bool Take(in Flow flow) => Ask(flow)?.Fate is not (null or ServiceFate.NotForService);

    /// <summary>Whether it is for a Service.</summary>
    public bool AreService(in Flow flow) => Ask(flow)?.Frontend is not null;

    /// <summary>What policies judge of a packet to a port of the node that leads to a pod; else the same.</summary>
    public Flow Meant(in Flow flow) => Ask(flow) is { } answer && IsHostPort(answer)
        ? ServiceFlow.Judged(cluster, flow.From, flow.Probe.Protocol, answer.Backends[0]) ?? flow : flow;

    private static bool IsHostPort(ServiceAnswer answer) =>
        answer is { Fate: ServiceFate.Translated, Frontend: null };

    private ServiceAnswer? Ask(in Flow flow)
    {
        if (_addresses.Count == 0 || !(flow.To.IsNodeTraffic() || flow.To is ExternalEndpoint)
            || flow.To.AddressIn(flow.Family) is not { } address || !_addresses.Contains(address))
        {
            return null;
        }
        var key = (address, flow.Probe, flow.From is ExternalEndpoint);
        if (_known.TryGetValue(key, out var known)) return known;
        return _known[key] = ServiceOracle.Ask(cluster, flow.From, address, flow.Probe);
    }
}
