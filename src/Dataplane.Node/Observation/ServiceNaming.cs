using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Node.Observation;

/// <summary>The Services of an enforced state by what packets to them have as their destination.</summary>
internal sealed class ServiceNaming
{
    private readonly Dictionary<(IpAddressValue Address, Probe Probe), string> _names = [];

    public ServiceNaming(Cluster cluster)
    {
        // Of several that claim the same the first counts, as for the oracle.
        foreach (var frontend in cluster.Services.SelectMany(service => ServiceFrontend.Of(cluster, service))
            .OrderBy(f => f.Kind))
        {
            _names.TryAdd((IpAddressValue.From(frontend.Address), frontend.Probe), frontend.Service.Name);
        }
    }

    /// <returns>Null: none's.</returns>
    public string? Find(in PacketFacts asked) => asked.FlowProtocol is { } protocol
        ? _names.GetValueOrDefault((asked.Destination, new Probe(protocol, asked.Port))) : null;
}
