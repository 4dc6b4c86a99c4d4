using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Services;

namespace Dataplane.Policy.Assertions;

/// <summary>What an expectation asks about a Service.</summary>
internal static class ServiceChecks
{
    /// <summary>A check for each port that is named; where none is, for each port of the Service.</summary>
    public static IEnumerable<PlannedCheck> Of(Cluster cluster, Expectation expectation, IReadOnlyList<Probe> probes,
        EndpointGroup source, PlacedService service)
    {
        var ports = service.Object.Ports.Select(p => new Probe(p.Protocol.ToFlowProtocol(), p.Port)).ToList();
        var endpoints = ServiceEndpoints.Of(cluster, service);
        foreach (var probe in expectation.Ports.Count > 0 ? probes : ports)
        {
            var index = ports.IndexOf(probe);
            List<ServiceReach> reaches = [.. source.Ends.SelectMany(from =>
                ServiceReach.Of(cluster, from, service, index < 0 ? null : index, probe, endpoints))];
            if (reaches.Count > 0)
            {
                yield return OfReaches(AssertionPlan.NameOf(source.Name, ServiceReach.NameOf(service), probe),
                    expectation.Want, reaches, expectation.Position);
            }
        }
    }

    /// <summary>
    /// What a check asks about addresses and ports: about those of Services, and about the rest. A port of the node
    /// that leads to a pod is that pod's; between two machines outside there is nothing but Services to ask about.
    /// </summary>
    public static IEnumerable<PlannedCheck> Split(Cluster cluster, TakenPorts taken, PlannedCheck check)
    {
        var flows = check.Flows.ToLookup(flow => taken.AreService(flow));
        List<ServiceReach> reaches = [.. flows[true].Select(flow => ServiceReach.At(
            cluster, flow.From, flow.To.AddressIn(flow.Family)!, flow.Probe)).OfType<ServiceReach>()];
        if (reaches.Count > 0) yield return OfReaches(check.Name, check.Want, reaches, check.Position);
        List<Flow> rest = [.. flows[false].Select(flow => taken.Meant(flow))
            .Where(flow => !(flow.From is ExternalEndpoint && flow.To is ExternalEndpoint))];
        if (rest.Count > 0) yield return check with { Flows = rest };
    }

    private static PlannedCheck OfReaches(
        string name, Wanted want, IReadOnlyList<ServiceReach> reaches, SourcePosition position) =>
        new(name, want, [.. reaches.SelectMany(reach => reach.Targets).Select(target => target.Flow).OfType<Flow>()
            .Distinct()], position) { Reaches = reaches };
}
