using Dataplane.Kubernetes.Assertions;
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
                yield return new PlannedCheck(
                    AssertionPlan.NameOf(source.Name, ServiceReach.NameOf(service), probe), expectation.Want,
                    [.. reaches.SelectMany(reach => reach.Targets).Select(target => target.Flow).OfType<Flow>()
                        .Distinct()], expectation.Position) { Reaches = reaches };
            }
        }
    }
}
