using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S024: two Services claim one address and port. What a manifest says of addresses of elsewhere is not checked by
/// anybody, and of two Services one gets the packets.
/// </summary>
internal static class ContestedFrontends
{
    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        var claims = scene.Cluster.Services.SelectMany(service => ServiceFrontend.Of(scene.Cluster, service))
            .GroupBy(frontend => (frontend.Address, frontend.Probe));
        foreach (var same in claims)
        {
            var (first, losers) = (ServiceFrontend.First(same)!, same.Select(f => f.Service).Distinct().ToList());
            foreach (var service in losers.Where(service => service != first.Service))
            {
                var holder = first.Service.Object;
                yield return Scene.Warning(SemanticCodes.ContestedFrontend,
                    $"Service `{service.Name}` is not reached at {same.Key.Address}, {same.Key.Probe}: Service "
                        + $"`{holder.FullName}` claims it too, and gets the packets",
                    service.Object.Position, 1, "gets none",
                    "which of two Services gets them is undefined: another cluster may decide the other way",
                    "give one of them another address or port") with
                {
                    Related = new RelatedPlace(holder.Position, 1, "gets the packets"),
                };
            }
        }
    }
}
