using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Programs;

/// <summary>
/// A child of which its parent wants to know how it ended, in a process that may have others by .NET. A thread waits
/// for it. Safe for concurrent use.
/// </summary>
public sealed class OwnChild
{
    private const short Readable = 1;

    private readonly Lock _lock = new();
    private readonly int _id;
    private bool _hasEnded;

    private OwnChild(int id, SafeFileHandle handle)
    {
        _id = id;
        Ended = Task.Factory.StartNew(() => Wait(handle), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    /// <summary>How it ended.</summary>
    public Task<ProgramEnd> Ended { get; }

    /// <inheritdoc cref="ChildProcess.Start"/>
    /// <returns>The child.</returns>
    public static OwnChild Start(IReadOnlyList<string> command, IReadOnlyList<SafeFileHandle> descriptors)
    {
        var id = ChildProcess.Start(command, descriptors);
        // Nobody has waited for it, so the number is its own.
        var handle = Libc.pidfd_open(id, 0);
        if (handle >= 0) return new OwnChild(id, new SafeFileHandle(handle, ownsHandle: true));
        var failure = LinuxException.Last("open a process");
        ProcessHandle.Signal(id, Libc.SIGKILL);
        ChildProcess.Reap(id);
        throw failure;
    }

    /// <summary>SIGKILL to it and to the process group that it leads; nothing where it has ended.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (_hasEnded) return;
            ProcessHandle.Signal(_id, Libc.SIGKILL, group: true);
            // It may lead no group yet.
            ProcessHandle.Signal(_id, Libc.SIGKILL);
        }
    }

    private unsafe ProgramEnd Wait(SafeFileHandle handle)
    {
        using (handle)
        {
            var poll = new Libc.pollfd { fd = (int)handle.DangerousGetHandle(), events = Readable };
            while (Libc.poll(&poll, 1, -1) <= 0)
            {
                // EINTR.
            }
        }
        lock (_lock)
        {
            _hasEnded = true;
            return ChildProcess.Reap(_id);
        }
    }
}
