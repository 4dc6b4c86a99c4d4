using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Linux.Conntrack;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Node.Live;

/// <summary>
/// Connections by the addresses of load balancers that <c>loadBalancerSourceRanges</c> has kept out since they were
/// opened. The rules look at the first packet only, so these are ended as those that a policy denies are.
/// </summary>
internal static class NarrowedSources
{
    /// <summary>Which entries a change keeps out; null: none, whatever there is.</summary>
    /// <param name="before">Null: what was enforced is not known.</param>
    public static Predicate<ConntrackEntry>? Between(Cluster? before, Cluster next)
    {
        if (ReferenceEquals(before?.Services, next.Services)) return null;
        var old = before?.Services.ToDictionary(service => service.Name);
        var restricted = new Dictionary<(IPAddress, byte, ushort), IReadOnlyList<IPNetwork>>();
        foreach (var service in next.Services.Where(s => s.Object is { Type: ServiceType.LoadBalancer,
            SourceRanges.Count: > 0 }))
        {
            if (old?.GetValueOrDefault(service.Name) is { } was && IsAsWide(was.Object, service.Object)) continue;
            foreach (var frontend in ServiceFrontend.Of(next, service)
                .Where(f => f.Kind == FrontendKind.LoadBalancer))
            {
                restricted[(frontend.Address, (byte)frontend.Probe.Protocol, frontend.Number)] =
                    service.Object.SourceRanges;
            }
        }
        return restricted.Count == 0 ? null : entry =>
            restricted.TryGetValue((entry.Original.Destination, entry.Original.Protocol,
                entry.Original.DestinationPort), out var ranges)
            && !ranges.Any(range => range.Contains(entry.Original.Source));
    }

    private static bool IsAsWide(ServiceObject was, ServiceObject now) => ReferenceEquals(was, now)
        || (was.SourceRanges.Count > 0 && was.SourceRanges.All(range => now.SourceRanges.Contains(range)));
}
