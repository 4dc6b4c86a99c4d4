using Dataplane.Control.Metering;
using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>Brings the node to the stored state, at the start and after a failure.</summary>
internal sealed class Enforcer(ManagedNode node, RetryTimer retry, DataplaneMeters meters, ILogger log)
{
    /// <summary>A refusal is published and tried again later; what is not enforced is closed.</summary>
    public void Enforce()
    {
        try
        {
            var change = node.Live.Apply(node.Plan.Cluster);
            meters.Transaction.Record(change.Transaction.TotalSeconds);
            node.Enforced(change);
            if (change.Unfinished is not null)
            {
                retry.Failed(Environment.TickCount64);
                return;
            }
            retry.Succeeded();
            Log.EnforcedAtStart(log, node.Plan.State.Generation, node.Plan.Cluster.Pods.Count);
        }
        catch (Exception e) when (ManagedNode.IsRefusal(e))
        {
            node.Publish(node.Snapshot with { Problem = e.Message, Pods = node.Live.Pods });
            Log.NotEnforced(log, node.Plan.State.Generation, e.Message, retry.Delay.TotalSeconds);
            retry.Failed(Environment.TickCount64);
        }
    }
}
