using System.Runtime.ExceptionServices;
using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Namespaces;

/// <summary>
/// The only thread that ever leaves the process's network namespace. Jobs run one after another; after each the thread
/// returns home before the caller gets the result, and a thread that cannot return ends the process: its next job would
/// run in a foreign network.
/// </summary>
internal sealed class NetnsThread
{
    /// <summary>
    /// The group leader's namespace, not the creating thread's: the leader never moves. Open for the life of the
    /// process.
    /// </summary>
    private static readonly SafeFileHandle Home = new(
        LinuxException.Check(Libc.open("/proc/self/ns/net", Libc.O_RDONLY | Libc.O_CLOEXEC, 0),
            "open /proc/self/ns/net"), ownsHandle: true);

    public static NetnsThread Shared { get; } = new();

    /// <summary>
    /// Turns of a loop before a thread sleeps until it is woken. With more it would give its processor away in between,
    /// and get it back late where others want it too.
    /// </summary>
    private const int Spins = 10;

    private readonly Queue<Action> _jobs = [];
    private readonly Thread _thread;

    private NetnsThread()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "netns" };
        _thread.Start();
    }

    /// <summary>
    /// Runs <paramref name="body"/> inside <paramref name="netns"/>, or at home first when that is null.
    /// </summary>
    public T Run<T>(SafeFileHandle? netns, Func<T> body)
    {
        if (Thread.CurrentThread == _thread)
        {
            throw new InvalidOperationException("A job inside a network namespace cannot start another.");
        }

        using var done = new ManualResetEventSlim(initialState: false, Spins);
        T result = default!;
        ExceptionDispatchInfo? error = null;
        Add(() =>
        {
            try
            {
                if (netns is not null)
                {
                    Enter(netns);
                }

                result = body();
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                GoHome();
            }

            done.Set();
        });
        done.Wait();
        error?.Throw();
        return result;
    }

    private static void Enter(SafeFileHandle netns)
    {
        var held = false;
        try
        {
            netns.DangerousAddRef(ref held);
            LinuxException.Check(
                Libc.setns((int)netns.DangerousGetHandle(), Libc.CLONE_NEWNET), "enter a network namespace");
        }
        finally
        {
            if (held)
            {
                netns.DangerousRelease();
            }
        }
    }

    private static void GoHome()
    {
        // Without CAP_SYS_ADMIN the kernel refuses this too; no job can have left home then.
        if (Libc.setns((int)Home.DangerousGetHandle(), Libc.CLONE_NEWNET) < 0 && !IsHome())
        {
            Console.Error.WriteLine("dataplane: the netns thread cannot return to its network namespace");
            ProcessEnd.OfInternalFault();
        }
    }

    /// <summary>Whether the calling thread is in the process's own namespace.</summary>
    private static bool IsHome()
    {
        using var here = new SafeFileHandle(
            Libc.open("/proc/thread-self/ns/net", Libc.O_RDONLY | Libc.O_CLOEXEC, 0), ownsHandle: true);
        return !here.IsInvalid && FileIdentity.Of(here) == FileIdentity.Of(Home);
    }

    private void Loop()
    {
        GoHome();
        while (true)
        {
            Take()();
        }
    }

    private void Add(Action job)
    {
        lock (_jobs)
        {
            _jobs.Enqueue(job);
            Monitor.Pulse(_jobs);
        }
    }

    private Action Take()
    {
        lock (_jobs)
        {
            while (_jobs.Count == 0)
            {
                Monitor.Wait(_jobs);
            }

            return _jobs.Dequeue();
        }
    }
}
