using Dataplane.Control.State;
using Dataplane.Planning;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>Brings to the node what becomes known of the programs in pods.</summary>
internal sealed class ProgramFollower(ManagedNode node, Changer changer, NodeOptions addresses, ILogger log)
{
    /// <summary>
    /// Endpoints follow readiness, and pods whose programs have ended lose their network. A refusal of the kernel is
    /// published, and tried again.
    /// </summary>
    public void Follow(ProgramNews news)
    {
        var before = node.Plan;
        try
        {
            var next = before.After(news, addresses);
            if (ReferenceEquals(before, next)) return;
            // Whatever the kernel makes of it: this is the plan from now on.
            node.Adopt(next);
            if (ReferenceEquals(before.Cluster, next.Cluster))
            {
                node.Publish(node.Snapshot with { State = next.State });
            }
            else
            {
                var change = node.Live.Apply(next.Cluster);
                node.Enforced(change);
                Log.Followed(log, news.Ready.Count, news.Gone.Count, change.Elements);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.NotFollowed(log, e.Message);
            if (!ReferenceEquals(before, node.Plan)) node.Invalidate(e.Message);
        }
        Admit();
    }

    /// <summary>Attaches pods that have waited until others of their names had gone.</summary>
    public void Admit()
    {
        if (node.Plan.State.Programs.CanAdmit)
            changer.Change([new ChangeItem(new ChangeRequest(StateChange.Admit))]);
    }
}
