using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>One address that answers for all of a part of those outside.</summary>
internal static class OutsideSample
{
    /// <summary>
    /// The first that a machine outside can have; where all are of the networks of pods and Services, the first.
    /// </summary>
    /// <param name="ranges">At least one.</param>
    public static ExternalEndpoint Of(Cluster cluster, IReadOnlyList<AddressRange> ranges, AddressFamily family)
    {
        var networks = cluster.Networks.Where(network => network.BaseAddress.AddressFamily == family)
            .Select(AddressRange.Of).ToList();
        return new ExternalEndpoint(AddressRange.ToAddress(ranges
            .SelectMany(range => AddressRange.Subtract(range, networks)).Append(ranges[0]).First().First, family));
    }
}
