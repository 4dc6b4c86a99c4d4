using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Dataplane.Linux.Cgroups;
using Dataplane.Linux.Files;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Logs;
using Dataplane.Runtime.Supervision;
using Dataplane.Runtime.Supervision.Client;
using Dataplane.Supervisor.Keeping;
using Dataplane.Supervisor.Pods;
using Dataplane.Supervisor.Serving;

namespace Dataplane.Supervisor;

/// <summary><c>run</c>: the supervisor itself.</summary>
internal static class RunVerb
{
    private const long NoticeBytes = 1 << 20;

    private const int LockSeconds = 3;

    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="IOException">It cannot run; the message says why. Or an
    /// <see cref="UnauthorizedAccessException"/>, or a <see cref="SocketException"/>.</exception>
    public static int Run(VerbOptions options)
    {
        if (options.Netns is { } netns)
        {
            OwnSession.Begin();
            // Probes come from the node, so it is the node's from here on.
            NetnsExec.Become(netns, CapabilitySet.All,
                [Environment.ProcessPath!, "run", .. options.WithoutNetns], withFiles: false);
        }
        if (!options.HasSession) OwnSession.Begin();
        var files = new SupervisorFiles(options.Directory);
        Directory.CreateDirectory(files.Directory, OwnerOnly);
        using var held = Lock(files);
        BootMark.Check(files);
        ChildProcess.AdoptOrphans();
        using var log = new LogFile(files.Notices, TimeProvider.System, NoticeBytes);
        var groups = CgroupTree.Open(options.Cgroup);
        if (groups is null)
        {
            Notice("no control groups can be made here: containers have no limits of memory, processors and processes, "
                + "and what a program leaves in a session of its own is not ended with it");
        }
        using var loop = new EventLoop();
        using var pipes = new DescriptorWatch("output");
        using var signs = new DescriptorWatch("signs");
        var supervisor = new Pods.Supervisor(
            new Machinery(files, loop, groups, pipes, signs, [], TimeProvider.System, new SteadyClock()), Notice);
        using var server = new SupervisorServer(loop, supervisor, options.Socket);
        server.Start();
        Console.Out.WriteLine(SupervisorProcess.Listening);
        Console.Out.Flush();
        Detach(files);
        supervisor.Run();
        return 0;

        void Notice(string text)
        {
            lock (log) log.Add(LogStream.Error, Encoding.UTF8.GetBytes($"{text}\n"));
        }
    }

    /// <summary>One that was killed while it started a program leaves the lock to that for a moment, until it has
    /// become a launcher.</summary>
    private static FileStream Lock(SupervisorFiles files)
    {
        for (var end = Stopwatch.GetTimestamp() + LockSeconds * Stopwatch.Frequency; ; Thread.Sleep(1))
        {
            try
            {
                return LockFile.Open(files.Lock);
            }
            catch (IOException e) when (e.HResult == Errno.EAGAIN)
            {
                if (Stopwatch.GetTimestamp() > end)
                    throw new IOException($"another supervisor has {files.Directory}", e);
            }
        }
    }

    /// <summary>Nobody listens to it from here on, but for what the runtime says of its own faults.</summary>
    private static void Detach(SupervisorFiles files)
    {
        using var nothing = ProgramPipe.Nothing();
        foreach (var descriptor in (int[])[0, 1]) ProgramPipe.Duplicate(nothing, descriptor);
        using var faults = File.OpenHandle(files.Faults, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        ProgramPipe.Duplicate(faults, 2);
    }
}
