using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>Services as destinations of questions.</summary>
public static class NamedServices
{
    private static readonly string[] Prefixes = ["service:", "svc:", "service/", "svc/", "services/"];

    /// <summary>
    /// The Service that a text means: <c>service:namespace/name</c>, <c>svc/name</c>, <c>name.namespace.svc</c>, or a
    /// ClusterIP. A plain name means a pod or a workload.
    /// </summary>
    /// <param name="ns">The namespace of a name without one.</param>
    /// <param name="error">Why there is none although one is meant; null where none is meant.</param>
    public static PlacedService? Find(Cluster cluster, string text, string ns, out string? error)
    {
        error = null;
        if (EndpointNames.TryParseAddress(text, out var address))
        {
            return cluster.Services.FirstOrDefault(s => address.Equals(s.Addresses[address.AddressFamily]));
        }
        if (!Array.Exists(Prefixes, p => text.StartsWith(p, StringComparison.Ordinal)) && !IsDnsName(text))
        {
            return null;
        }
        var name = ServiceNames.FullName(text, ns);
        var found = cluster.Services.FirstOrDefault(service => service.Name == name);
        error = found is not null ? null
            : $"no Service {name}" + (cluster.Services.Count == 0 ? ": there are none" : "");
        return found;
    }

    private static bool IsDnsName(string text) => text.Split('.') is [_, _, "svc", ..];
}
