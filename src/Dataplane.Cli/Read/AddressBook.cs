using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Read;

/// <summary>Finds the endpoint of an address in the manifests.</summary>
/// <param name="cluster">Null without manifests.</param>
internal sealed class AddressBook(Cluster? cluster)
{
    private readonly Dictionary<IpAddressValue, EndpointResolution> _known = [];

    public Cluster? Cluster => cluster;

    /// <summary><c>namespace/pod</c>, <c>node</c>, or the address.</summary>
    public string Name(IpAddressValue address) =>
        cluster is null ? address.ToString() : Find(address).Endpoint?.Name ?? address.ToString();

    /// <summary>The flow between two addresses for the evaluation of policies.</summary>
    /// <param name="why">The reason why no policy is evaluated; null if policies are evaluated, or if there are no
    /// manifests.</param>
    public Flow? Flow(IpAddressValue from, IpAddressValue to, Probe probe, out string? why)
    {
        why = null;
        if (cluster is null) return null;
        var (source, destination) = (Find(from), Find(to));
        var hasPod = source.Endpoint is PodEndpoint || destination.Endpoint is PodEndpoint;
        why = source.Error ?? destination.Error ?? (hasPod ? null : "neither end is a pod");
        return why is null ? new Flow(source.Endpoint!, destination.Endpoint!, probe, from.Family) : null;
    }

    private EndpointResolution Find(IpAddressValue address)
    {
        if (_known.TryGetValue(address, out var found)) return found;
        var ip = address.ToIPAddress();
        found = ip.IsIPv6LinkLocal
            ? EndpointResolution.Failed($"{ip} is a link-local address: nothing routes it")
            : EndpointNames.Resolve(cluster!, ip.ToString());
        return _known[address] = found;
    }
}
