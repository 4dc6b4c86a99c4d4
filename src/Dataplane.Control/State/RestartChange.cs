using Dataplane.Control.Refusals;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.Control.State;

/// <summary>Pods that end and come again as they are declared.</summary>
public static class RestartChange
{
    /// <param name="pods">Full names; those that are not there are no error.</param>
    /// <param name="grace">See <see cref="EndingPod.GraceSeconds"/>.</param>
    /// <exception cref="RefusalException">The state was lost.</exception>
    public static StateChange Of(DesiredState state, IEnumerable<string> pods, int? grace)
    {
        if (state.Lost is not null) throw RefusalException.StateLost(state.Lost);
        List<string> restarted = [.. pods];
        var restarts = state.Restarts.ToBuilder();
        foreach (var pod in restarted) restarts[pod] = restarts.GetValueOrDefault(pod) + 1;
        return new StateChange(state.Objects, [.. restarted.Select(p => new ObjectChange(
            new ObjectKey(ObjectKinds.Pod.Name, p), ChangeKind.Configured))], [], Differs: restarted.Count > 0)
        {
            Restarts = restarts.ToImmutable(), GraceSeconds = grace,
        };
    }
}
