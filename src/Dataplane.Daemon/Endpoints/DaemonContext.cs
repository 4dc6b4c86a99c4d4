using Dataplane.Control.Reconcile;
using Dataplane.Control.Sources;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.HealthServing;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.NameServing;
using Dataplane.Daemon.Observation;
using Dataplane.Daemon.Programs;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Endpoints;

/// <summary>The parts of the daemon that endpoints use.</summary>
/// <param name="Health">Null: the node is simulated.</param>
/// <param name="Programs">Null: nothing runs in pods.</param>
internal sealed record DaemonContext(
    DaemonOptions Options, Reconciler Reconciler, ManifestDirectory? Directory, Observatory Observatory,
    NameServer Names, HealthServer? Health, ProgramRunner? Programs, PrometheusText Metrics, ILoggerFactory Logs)
{
    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    public RequestBodies Bodies { get; } = new();

    /// <summary>For requests that need packets.</summary>
    /// <exception cref="ApiProblem">The node is simulated.</exception>
    public void RequirePackets()
    {
        if (Options.IsSimulated) throw Problems.Simulated();
    }
}
