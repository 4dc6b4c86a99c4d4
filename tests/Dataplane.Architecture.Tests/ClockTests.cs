using System.Text.RegularExpressions;

namespace Dataplane.Architecture.Tests;

/// <summary>
/// The clock of the day may jump (NTP, a suspended machine, somebody's hand). It is read only to tell people when
/// something was; what the program does next depends on clocks that run evenly. The kernel's side does so too: its
/// ticks end elements, connections and limits.
/// </summary>
public sealed class ClockTests
{
    /// <summary>Who reads the clock of the day, and why a jump does no harm.</summary>
    private static readonly Dictionary<string, string> Readers = new()
    {
        ["src/Dataplane.Node/Observation/DropRecord.cs"] = "the time of an entry",
        ["src/Dataplane.Node/Observation/DropLog.cs"] = "the time of an entry",
        ["src/Dataplane.Node/Observation/ObservedFlow.cs"] = "the time of an entry",
        ["src/Dataplane.Node/Observation/FlowLog.cs"] =
            "the time of an entry; FlowWindow ends a second also when it jumps",
        ["src/Dataplane.Node/Observation/PodCapture.cs"] =
            "compared with the kernel's stamps of frames: a jump lets them be written early, without verdict, or late",
        ["src/Dataplane.Node/Verification/EvidenceFile.cs"] = "the time in a file",
        ["src/Dataplane.Control/Sources/ManifestDirectory.cs"] =
            "compared with a file's time: after a jump back a file is looked at twice before it is read; after a jump "
            + "forward once, and who still writes it is found by its descriptor",
        ["src/Dataplane.Control/Sources/PatientReader.cs"] = "since when a file does not answer, as status tells it",
        ["src/Dataplane.Control/State/ObjectRecord.cs"] = "when an object was made, as get tells it",
        ["src/Dataplane.Daemon/KubernetesApi/Serving/TableMaker.cs"] = "how old objects are, as get tells it",
        ["src/Dataplane.Daemon/KubernetesApi/Serving/OpenApiDocuments.cs"] = "until when a client may keep a document",
        ["src/Dataplane.Daemon/KubernetesApi/Shaping/ServedState.cs"] =
            "where versions of objects begin: after a jump back clients list anew",
        ["src/Dataplane.Control/Store/StateStore.cs"] = "the name of a file that is set aside",
        ["src/Dataplane.Control/Reconcile/Reconciler.cs"] = "hands it to StateStore",
        ["src/Dataplane.Control/Reconcile/Repairer.cs"] = "the time of an entry",
        ["src/Dataplane.Daemon/Host/LineLogger.cs"] = "the time of a line",
        ["src/Dataplane.Daemon/Host/StopLimit.cs"] = "waits by a timer, which runs evenly",
        ["src/Dataplane.Daemon/DaemonHost.cs"] = "hands it to LineLogger",
        ["src/Dataplane.Daemon/Endpoints/ChangeEndpoints.cs"] = "measures by its timestamps, which run evenly",
        ["src/Dataplane.Daemon/Programs/ProgramRunner.cs"] = "hands it to Deadlines, which takes its timestamps",
        ["src/Dataplane.Daemon/Programs/LogRequest.cs"] = "compared with the times of lines, as people ask for",
        ["src/Dataplane.Cli/Get/ObjectText.cs"] = "how old a pod is, as get tells it",
        ["src/Dataplane.Runtime/Logs/LogFile.cs"] = "the time of a line",
        ["src/Dataplane.Supervisor/RunVerb.cs"] = "hands it to LogFile",
        ["src/Dataplane.Supervisor/Pods/SteadyClock.cs"] =
            "once, at the start: a jump between two supervisors makes what is due come earlier or later, and no more",
        ["src/Dataplane.Daemon/Endpoints/DaemonContext.cs"] = "the time of the start, as status tells it",
    };

    [Fact]
    public void The_clock_of_the_day_is_for_people()
    {
        Assert.Equal(Readers.Keys.Order(StringComparer.Ordinal),
            Repository.FilesBelow("src", ".cs").Where(ReadsClock).Order(StringComparer.Ordinal));
    }

    private static bool ReadsClock(string file) => Regex.IsMatch(
        File.ReadAllText(Repository.Full(file)),
        @"\b(DateTime|DateTimeOffset)\.(Utc)?Now\b|\bTimeProvider\.System\b|\.GetUtcNow\(");
}
