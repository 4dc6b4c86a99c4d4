using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// S025: a Service that leads nowhere. Its pods often come after it: where nothing shows that another label was meant,
/// it is a note.
/// </summary>
internal static class ServiceWithoutEndpoints
{
    private const string Refuses = "packets to it are refused: nothing is behind it";

    /// <summary>The API server's own, whose endpoints it writes itself.</summary>
    private const string ApiServer = "default/kubernetes";

    public static IEnumerable<Diagnostic> Find(Scene scene)
    {
        var finder = new EndpointFinder(scene.Cluster);
        foreach (var placed in scene.Cluster.Services)
        {
            var service = placed.Object;
            // Almost all lead somewhere, which an index says at once.
            if (service.Type == ServiceType.ExternalName || LeadsSomewhere(placed, finder.Of(placed))) continue;
            foreach (var found in service.Selector.Count > 0 ? WithSelector(scene, service) : Listed(scene, service))
                yield return found;
        }
    }

    private static bool LeadsSomewhere(PlacedService service, IReadOnlyList<ServiceEndpoint> endpoints) =>
        endpoints.Count > 0
        && Enumerable.Range(0, service.Object.Ports.Count).All(i => endpoints.Any(e => e.Ports[i] is not null));

    private static IEnumerable<Diagnostic> WithSelector(Scene scene, ServiceObject service)
    {
        // Slices that no controller made count beside the pods.
        if (scene.Unseen.PodsIn(service.Namespace) || service.Requirements.Count == 0
            || EndpointGap.Listings(scene.Cluster, service).Any())
        {
            return [];
        }
        var pods = scene.Cluster.Pods.Select(p => p.Pod).Where(p => p.Namespace == service.Namespace).ToList();
        return pods.Exists(service.Selects) ? Targets(scene, service)
            : NoPod(scene, service, pods) is { } found ? [found] : [];
    }

    private static Diagnostic? NoPod(Scene scene, ServiceObject service, List<PodObject> here)
    {
        var message = $"Service `{service.FullName}` selects no pod: none of namespace `{service.Namespace}` has "
            + EndpointGap.Text(service);
        var selector = new LabelSelector(service.Requirements, service.Requirements[0].Position);
        if (here.Exists(p => selector.MayMatch(p.Labels))) return null;
        if (scene.Cluster.Pods.FirstOrDefault(p => selector.MayMatch(p.Pod.Labels)) is { } elsewhere)
        {
            return new NearMiss(service.Requirements[0], $"`{elsewhere.Name}` has it, in another namespace",
                "a Service finds pods of its own namespace only: correct `metadata.namespace` of the Service")
                .Warning(scene, SemanticCodes.ServiceWithoutEndpoints, message, Refuses);
        }
        if (here.Count == 0) return null;
        var near = NearMiss.Of(selector, here.Select(Candidate.Of), "pod");
        var found = near.Warning(scene, SemanticCodes.ServiceWithoutEndpoints, message, Refuses);
        return near.Edit is not null ? found : found with { Severity = Severity.Note };
    }

    private static IEnumerable<Diagnostic> Targets(Scene scene, ServiceObject service)
    {
        foreach (var port in service.Ports)
        {
            if (EndpointGap.Of(scene.Cluster, service, port) is not { } gap) continue;
            var declared = scene.Cluster.Pods.Select(p => p.Pod).Where(service.Selects).SelectMany(p => p.Ports)
                .Where(p => p.Name is not null).ToList();
            var other = declared.Find(p => p.Name == port.TargetName)?.Protocol.ToFlowProtocol().Text();
            var better = Suggest.Nearest(port.TargetName!, declared.Where(p => p.Protocol == port.Protocol)
                .Select(p => p.Name!).Distinct(StringComparer.Ordinal));
            var (label, help) = other is not null ? ($"declared as {other}", $"write `protocol: {other}`")
                : better is not null ? ($"did you mean `{better}`?", $"write `targetPort: {better}`")
                : ("a name nobody has", "name the port under `ports:` of the container, or give its number");
            yield return Warning($"port {port.Port} of Service `{service.FullName}` leads nowhere: {gap.Because}",
                gap.At, port.TargetName!.Length, label, help) with
            {
                Fix = other is null && better is not null && scene.Text(gap.At)?.Has(gap.At, port.TargetName) is true
                    ? new Fix(YamlText.Replace(gap.At, port.TargetName.Length, better)) : null,
            };
        }
    }

    private static IEnumerable<Diagnostic> Listed(Scene scene, ServiceObject service)
    {
        if (!EndpointGap.Listings(scene.Cluster, service).Any())
        {
            if (service.FullName == ApiServer || service.Position.Line == 0) yield break;
            yield return Warning($"Service `{service.FullName}` has no selector, and no Endpoints or EndpointSlice "
                + "lists an address for it", service.Position, 1, "leads nowhere",
                "write the `selector:` that its pods have, or an Endpoints object of its name");
            yield break;
        }
        foreach (var port in service.Ports)
        {
            if (EndpointGap.Of(scene.Cluster, service, port) is not { } gap) continue;
            yield return Warning($"port {port.Port} of Service `{service.FullName}` leads nowhere: {gap.Because}",
                gap.At, 1, "another name, or another protocol", "write the name and the protocol of the Service's port")
                with { Related = new RelatedPlace(port.Position, 1, "the Service's port") };
        }
    }

    private static Diagnostic Warning(string message, SourcePosition at, int length, string label, string help) =>
        Scene.Warning(SemanticCodes.ServiceWithoutEndpoints, message, at, length, label, Refuses, help);
}
