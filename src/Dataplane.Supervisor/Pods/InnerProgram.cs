using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;
using Dataplane.Supervisor.Programs;

namespace Dataplane.Supervisor.Pods;

/// <summary>
/// A program that is run in a container for a probe or before its end. What it writes is nobody's. It succeeds with
/// exit code 0 in time; when its time is over it is ended.
/// </summary>
internal sealed class InnerProgram : IDisposable
{
    private const int Killing = 9;

    private readonly Timer _limit;

    private InnerProgram(Machinery machinery, int id, TimeSpan time)
    {
        _limit = new Timer(_ => machinery.Loop.Post(() =>
        {
            if (!machinery.Children.ContainsKey(id)) return;
            ProcessHandle.Signal(id, Killing, group: true);
            // It may lead no group yet.
            ProcessHandle.Signal(id, Killing);
        }), null, time, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _limit.Dispose();

    /// <param name="done">Told whether it succeeded.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static void Run(Machinery machinery, ProgramStart start, TimeSpan time, Action<bool> done)
    {
        using var nothing = ProgramPipe.Nothing();
        var id = Spawned.Start(start, [nothing, nothing], nothing);
        var program = new InnerProgram(machinery, id, time);
        machinery.Children[id] = end =>
        {
            program.Dispose();
            done(end is { Code: 0, Signal: 0 });
        };
    }
}
