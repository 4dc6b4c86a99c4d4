using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>Services to which no packet can be sent, and what to ask for instead.</summary>
public static class Addressless
{
    private const int MaxPods = 3;

    /// <summary>A sentence without its full stop; null where the Service has an address.</summary>
    public static string? Why(Cluster cluster, PlacedService placed)
    {
        var service = placed.Object;
        if (service.Type == ServiceType.ExternalName)
        {
            return $"Service {service.FullName} has no address of its own: it is an alias, and names "
                + $"{service.ExternalName}";
        }
        if (placed.Addresses is not { IPv4: null, IPv6: null }) return null;
        var names = ServiceEndpoints.Of(cluster, placed).Select(e => e.Pod?.Name ?? $"{e.Address}").Distinct().ToList();
        return $"Service {service.FullName} has no address of its own: ask for the pods, whose addresses its name "
            + $"stands for{(names.Count == 0 ? "; there is none yet" : $": {string.Join(", ", names.Take(MaxPods))}")}"
            + (names.Count > MaxPods ? $" and {names.Count - MaxPods} more" : "");
    }
}
