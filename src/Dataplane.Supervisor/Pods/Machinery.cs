using Dataplane.Linux.Cgroups;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Supervision;

namespace Dataplane.Supervisor.Pods;

/// <summary>What all pods share.</summary>
/// <param name="Groups">Null: none can be made.</param>
/// <param name="Pipes">Reads what programs write.</param>
/// <param name="Signs">Waits for starts, and for the ends of programs that are no children.</param>
/// <param name="Children">What is to be told when one ends, by their numbers.</param>
/// <param name="Logs">Stamps what programs write.</param>
/// <param name="Clock">Of what is due.</param>
internal sealed record Machinery(SupervisorFiles Files, EventLoop Loop, CgroupTree? Groups, DescriptorWatch Pipes,
    DescriptorWatch Signs, Dictionary<int, Action<ProgramEnd>> Children, TimeProvider Logs, SteadyClock Clock)
{
    private readonly List<Cgroup> _left = [];

    public DateTimeOffset Now => Clock.Now;

    /// <summary>Removes a control group in which nothing runs any more.</summary>
    public void Remove(Cgroup group)
    {
        _left.Add(group);
        RemoveLeft();
    }

    /// <summary>As <see cref="Remove"/>, those in which a process was not waited for yet.</summary>
    public void RemoveLeft() => _left.RemoveAll(group =>
    {
        try
        {
            group.Remove();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    });
}
