using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.Policy.Warnings;

/// <summary>S026: addresses that are listed for no Service.</summary>
internal static class EndpointsWithoutService
{
    private const string Unused = "no packet is sent to these addresses because of it";

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        var services = scene.Cluster.Services.Select(s => s.Name).ToHashSet();
        foreach (var listing in scene.Cluster.Endpoints.Where(l => l.Subsets.Any(s => s.Addresses.Count > 0)))
        {
            var isSlice = listing.ObjectKind == ObjectKinds.EndpointSlice;
            if (listing.Service is not { } name)
            {
                yield return Scene.Warning(SemanticCodes.EndpointsWithoutService,
                    $"{listing.Kind} `{listing.FullName}` names no Service", listing.Position, 1, "belongs to nothing",
                    Unused, "add the label `kubernetes.io/service-name` with the name of the Service");
            }
            else if (!services.Contains($"{listing.Namespace}/{name}"))
            {
                yield return Scene.Warning(SemanticCodes.EndpointsWithoutService,
                    $"{listing.Kind} `{listing.FullName}` is for Service `{listing.Namespace}/{name}`, "
                        + "which is not there",
                    listing.Position, 1, "belongs to nothing", Unused, isSlice
                        ? "correct the label `kubernetes.io/service-name`, or add the Service"
                        : "give it the name of its Service, or add the Service");
            }
        }
    }
}
