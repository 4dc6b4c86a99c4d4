using Dataplane.Node.Verification;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Control.Reconcile;

/// <summary>
/// The packets that prove a Service, through its addresses: at each, of a pod that reaches all that is behind it, and
/// of one that does not, where there are such.
/// </summary>
internal sealed class ProofServices(Cluster cluster, IReadOnlyList<PodEndpoint> pods)
{
    /// <summary>Addresses and ports that are asked at, and backends behind one, at most: a client waits.</summary>
    private const int MaxFrontends = 16, MaxBackends = 16;

    /// <summary>Pods that are looked at, at most.</summary>
    private const int MaxPods = 16;

    /// <summary>None of a Service without an address, or with too much behind it.</summary>
    public IReadOnlyList<ServiceQuestion> Of(string name)
    {
        if (cluster.Services.FirstOrDefault(s => s.Name == name) is not { } service) return [];
        return [.. ServiceFrontend.Of(cluster, service)
            .Where(f => f.Kind is FrontendKind.ClusterIP || (f.Kind is FrontendKind.NodePort
                && f.Address.Equals(cluster.Node.AddressIn(f.Address.AddressFamily))))
            .Take(MaxFrontends).SelectMany(At)];
    }

    private IEnumerable<ServiceQuestion> At(ServiceFrontend frontend)
    {
        var seen = new HashSet<bool>();
        foreach (var source in pods.Where(p => p.Address(frontend.Address.AddressFamily) is not null).Take(MaxPods)
            .Cast<Endpoint>().DefaultIfEmpty(cluster.Node))
        {
            // Another Service may have the address.
            if (ServiceReach.At(cluster, source, frontend.Address, frontend.Probe) is not { } reach
                || reach.Service != frontend.Service || reach.Targets.Count > MaxBackends)
            {
                yield break;
            }
            var outcome = reach.Judge(flow => Oracle.Evaluate(cluster, flow).Allowed);
            if (seen.Add(outcome is Outcome.Allowed or Outcome.Refused)
                && ServiceQuestion.Of(cluster, reach) is { } question)
            {
                yield return question;
            }
            if (seen.Count == 2) yield break;
        }
    }
}
