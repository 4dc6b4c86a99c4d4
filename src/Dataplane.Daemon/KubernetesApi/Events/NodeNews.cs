using Dataplane.Control.Reconcile;
using Dataplane.Daemon.KubernetesApi.Served;

namespace Dataplane.Daemon.KubernetesApi.Events;

/// <summary>Tells what happens on the node as a whole. For one thread.</summary>
internal sealed class NodeNews(EventLog log)
{
    private long _repairs = -1;
    private string? _problem;

    public void Tell(NodeSnapshot snapshot, string node)
    {
        var fresh = _repairs < 0 ? 0 : (int)Math.Min(snapshot.RepairsTotal - _repairs, snapshot.Repairs.Count);
        _repairs = snapshot.RepairsTotal;
        foreach (var repair in snapshot.Repairs.Take(fresh))
        {
            var (what, found) = (repair.Repair.What, repair.Repair.Found);
            Say(true, "Repaired", $"{what} was changed by another process ({found}), and is repaired");
        }
        if (snapshot.Problem is { } problem && problem != _problem) Say(true, "NotEnforced", problem);
        if (snapshot.Problem is null && _problem is not null)
        {
            Say(false, "Enforced", "what is desired is enforced again");
        }
        _problem = snapshot.Problem;

        void Say(bool isWarning, string reason, string message) =>
            log.Tell(new Told(Registry.Nodes, "", node, isWarning, reason, message));
    }
}
