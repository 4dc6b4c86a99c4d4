using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Supervision;
using Dataplane.Supervisor.Probing;
using Dataplane.Supervisor.Programs;

namespace Dataplane.Supervisor.Pods;

/// <summary>What probes and preStop ask to be done to a container.</summary>
internal sealed class PodActions(Machinery machinery)
{
    /// <summary>The grace of a pod ends an action before its end; this only bounds what nobody waits for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="time">After which it has failed.</param>
    /// <param name="done">Told by the loop whether it succeeded.</param>
    public void Do(PodOrder order, RunningContainer container, ContainerAction action, TimeSpan time,
        Action<bool> done)
    {
        switch (action)
        {
            case ContainerAction.Exec exec:
                Run(order, container, exec, time, done);
                break;
            case ContainerAction.Sleep sleep:
                _ = SleepAsync(sleep.Seconds, done);
                break;
            default:
                _ = NetworkProbe.RunAsync(action, order.Facts.Addresses is [var first, ..] ? first : null, time,
                    isGood => machinery.Loop.Post(() => done(isGood)));
                break;
        }
    }

    private void Run(PodOrder order, RunningContainer container, ContainerAction.Exec exec, TimeSpan time,
        Action<bool> done)
    {
        try
        {
            InnerProgram.Run(machinery,
                ProgramStarts.Inside(order, container.Spec, exec.Command, container.MemberFiles), time, done);
        }
        catch (IOException)
        {
            machinery.Loop.Post(() => done(false));
        }
    }

    private async Task SleepAsync(int seconds, Action<bool> done)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        machinery.Loop.Post(() => done(true));
    }
}
