using Dataplane.Daemon.Observation;
using Dataplane.Daemon.Reconcile;
using Dataplane.Daemon.Watched;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Host;

/// <summary>What the endpoints work with.</summary>
internal sealed record DaemonContext(DaemonOptions Options, Reconciler Reconciler, WatchedDirectory? Directory, Observatory Observatory, ILoggerFactory Logs)
{
    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    /// <summary>For what takes packets.</summary>
    /// <exception cref="ApiProblem">The node is simulated.</exception>
    public void RequirePackets()
    {
        if (Options.IsSimulated) throw Problems.Simulated();
    }
}
