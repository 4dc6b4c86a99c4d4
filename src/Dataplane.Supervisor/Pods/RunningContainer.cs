using System.Text;
using Dataplane.Kubernetes.Objects;
using Dataplane.Linux.Cgroups;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;
using Dataplane.Runtime.Logs;
using Dataplane.Runtime.Statuses;
using Dataplane.Runtime.Supervision;
using Dataplane.Supervisor.Output;
using Dataplane.Supervisor.Programs;

namespace Dataplane.Supervisor.Pods;

/// <summary>
/// A run of a container, from its start until nothing of it is left: it ends with its first process, and what that has
/// left behind ends with it.
/// </summary>
internal sealed class RunningContainer
{
    private const int Terminating = 15, Killing = 9;

    /// <summary>How long the kernel is asked how a program ended that is no child.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Machinery _machinery;
    private readonly RunFiles _files;
    private readonly Cgroup? _group;
    private ContainerOutput? _output;
    private ProcessHandle? _adopted;
    private string? _failure;
    private ProgramEnd? _end;
    private DateTimeOffset _lost;
    private bool _hasEnded, _isClosing;
    private int _id;

    private RunningContainer(Machinery machinery, ContainerSpec spec, RunFiles files)
    {
        (_machinery, Spec, _files) = (machinery, spec, files);
        _group = machinery.Groups?.Named(files.Group);
    }

    public ContainerSpec Spec { get; }

    /// <summary>The first process; null: it has not begun, or has ended.</summary>
    public ContainerProcess? Process { get; private set; }

    /// <summary>The first process has ended, and the rest is being ended.</summary>
    public bool IsEnding => _hasEnded;

    public IReadOnlyList<string> MemberFiles => _group?.MemberFiles ?? [];

    /// <summary>Told when the program has begun.</summary>
    public required Action Started { get; init; }

    /// <summary>Told why the program has not begun, when nothing of it is left.</summary>
    public required Action<string> NotStarted { get; init; }

    /// <summary>Told how it ended, when nothing of it is left.</summary>
    public required Action<ContainerExit> Ended { get; init; }

    public static RunningContainer Of(Machinery machinery, ContainerSpec spec, RunFiles files, Action started,
        Action<string> notStarted, Action<ContainerExit> ended) =>
        new(machinery, spec, files) { Started = started, NotStarted = notStarted, Ended = ended };

    /// <exception cref="IOException">It cannot be started, or an <see cref="UnauthorizedAccessException"/>.</exception>
    public void Start(Func<IReadOnlyList<string>, string, ProgramStart> program)
    {
        _files.Begin();
        _machinery.Groups?.Make(_files.Group, Limits());
        var (status, told) = ProgramPipe.MakeUnnamed();
        using (told)
        {
            using var output = ProgramPipe.Make(_files.Out);
            using var errors = ProgramPipe.Make(_files.Error);
            Listen();
            try
            {
                _id = Spawned.Start(program(MemberFiles, _files.Claim), [output, errors], told);
            }
            catch (IOException)
            {
                status.Dispose();
                _output!.End(() => { });
                RemoveGroup();
                throw;
            }
        }
        _machinery.Children[_id] = HasEnded;
        var text = new StringBuilder();
        // Made not to wait by the watch: it is asked only when there is something.
        _machinery.Signs.Add(status, () =>
        {
            if (Spawned.Reason(status, text) is not { } reason) return;
            _machinery.Signs.Close(status);
            _machinery.Loop.Post(() => Said(reason));
        });
    }

    /// <summary>Goes on with a run that another supervisor has begun.</summary>
    /// <param name="process">Null: it never began, and what is left of the attempt is ended.</param>
    public void Adopt((int Id, ulong StartTicks)? process)
    {
        if (process is null)
        {
            _group?.Kill();
            RemoveGroup();
            return;
        }
        // Without them it had ended, and what it wrote is in its log.
        if (_files.HasPipes) Listen();
        _failure = "";
        _id = process.Value.Id;
        _adopted = ProcessHandle.Open(_id, process.Value.StartTicks);
        if (_adopted is null)
        {
            _hasEnded = true;
            return;
        }
        Process = new ContainerProcess(Spec.Name, _id, process.Value.StartTicks);
        var isTold = false;
        _machinery.Signs.Add(_adopted.Handle, () =>
        {
            if (isTold) return;
            isTold = true;
            _machinery.Loop.Post(() =>
            {
                _lost = _machinery.Now + Patience;
                (_hasEnded, Process) = (true, null);
            });
        });
    }

    /// <summary>SIGTERM to the first process.</summary>
    public void Terminate() => Signal(Terminating);

    /// <summary>SIGKILL to all.</summary>
    public void Kill()
    {
        Signal(Killing);
        _group?.BeginKill();
    }

    /// <summary>Goes on with ending what the first process has left; is called until nothing is.</summary>
    public void Finish()
    {
        if (!_hasEnded || _isClosing || _group?.BeginKill() == false) return;
        if (_adopted is not null && _end is null)
        {
            _end = _adopted.End();
            if (_end is null && _machinery.Now < _lost) return;
        }
        _isClosing = true;
        if (_output is null) Close();
        else _output.End(() => _machinery.Loop.Post(Close));
    }

    private void Signal(int signal)
    {
        if (_hasEnded) return;
        if (_adopted is not null) _adopted.Signal(signal);
        // A child keeps its number until it is waited for.
        else ProcessHandle.Signal(_id, signal);
    }

    private void Listen() => _output = new ContainerOutput(_machinery.Pipes,
        new LogFile(_files.Log, _machinery.Logs), [ProgramPipe.Listen(_files.Out), ProgramPipe.Listen(_files.Error)]);

    private CgroupLimits Limits() => new(RunFiles.MostProcesses, Spec.Limits.MemoryBytes, Spec.Limits.MilliCpus);

    private void Said(string reason)
    {
        _failure = reason;
        if (reason.Length > 0) return;
        if (!_hasEnded && ProcessHandle.StartTicksOf(_id) is { } ticks)
            Process = new ContainerProcess(Spec.Name, _id, ticks);
        Started();
    }

    private void HasEnded(ProgramEnd end)
    {
        (_end, _hasEnded, Process) = (end, true, null);
        // Without a control group this is all that is known of what it started.
        if (_group is null) ProcessHandle.Signal(_id, Killing, group: true);
    }

    private void Close()
    {
        // The word of the launcher comes before the end of the process, and may be heard after it.
        if (_failure is null)
        {
            _machinery.Loop.Post(Close);
            return;
        }
        var exit = Exit();
        if (_adopted is not null) _machinery.Signs.Close(_adopted.Handle);
        RemoveGroup();
        if (_failure.Length > 0) NotStarted(_failure);
        else Ended(exit);
    }

    private ContainerExit Exit() => _end is not { } end ? ContainerExit.Unknown
        : end.Signal == 0 ? ContainerExit.OfCode(end.Code)
        : end.Signal == Killing && _group is { OutOfMemory: > 0 } ? ContainerExit.OutOfMemory
        : ContainerExit.OfSignal(end.Signal);

    private void RemoveGroup()
    {
        if (_group is not null) _machinery.Remove(_group);
    }
}
