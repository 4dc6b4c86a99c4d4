namespace Dataplane.Daemon;

/// <summary>The daemon, from start to stop.</summary>
public static class DaemonHost
{
    /// <summary>Runs until <paramref name="stop"/>, SIGTERM or SIGINT. What is enforced stays enforced.</summary>
    /// <returns>An exit code.</returns>
    /// <exception cref="Node.Live.NodeBusyException">Another daemon has this node.</exception>
    /// <exception cref="Linux.LinuxException">The kernel refused.</exception>
    public static Task<int> RunAsync(DaemonOptions options, CancellationToken stop) => throw new NotImplementedException();
}
