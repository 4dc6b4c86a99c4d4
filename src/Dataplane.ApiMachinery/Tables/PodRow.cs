using System.Globalization;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>The row of a pod: what state its containers add up to, by the rules of the API server.</summary>
internal sealed class PodRow
{
    public const string Columns =
        "Name|Ready|Status|Restarts|Age|IP*|Node*|Nominated Node*|Readiness Gates*";

    private readonly JsonObject _pod;
    private readonly HashSet<string> _sidecars;
    private string _status;
    private long _ready, _restarts, _sidecarRestarts;
    private DateTimeOffset? _lastRestart, _lastSidecarRestart;

    private PodRow(JsonObject pod)
    {
        _pod = pod;
        _status = pod.Text("status.reason", pod.Text("status.phase"));
        if (pod.Items("status.conditions").Any(c =>
            c.Text("type") == "PodScheduled" && c.Text("reason") == "SchedulingGated"))
        {
            _status = "SchedulingGated";
        }
        _sidecars = [.. pod.Items("spec.initContainers").Where(c => c.Text("restartPolicy") == "Always")
            .Select(c => c.Text("name"))];
    }

    public static JsonNode?[] Of(JsonObject pod, DateTimeOffset now)
    {
        var row = new PodRow(pod);
        row.Read();
        var total = pod.Count("spec.containers") + row._sidecars.Count;
        var gates = pod.Items("spec.readinessGates").Select(g => g.Text("conditionType")).ToList();
        return
        [
            pod.Name(), string.Create(CultureInfo.InvariantCulture, $"{row._ready}/{total}"), row._status,
            row.Restarts(now), pod.Age(now), pod.Text("status.podIP", Cells.None),
            pod.Text("spec.nodeName", Cells.None), pod.Text("status.nominatedNodeName", Cells.None),
            gates.Count == 0 ? Cells.None : $"{gates.Count(g => pod.HasCondition(g))}/{gates.Count}",
        ];
    }

    private void Read()
    {
        var isInitializing = ReadInitContainers();
        if (!isInitializing || _pod.HasCondition("Initialized"))
        {
            ReadContainers();
        }
        if (_pod.At("metadata.deletionTimestamp") is null)
        {
            return;
        }
        if (_pod.Text("status.reason") == "NodeLost")
        {
            _status = "Unknown";
        }
        else if (_pod.Text("status.phase") is not ("Succeeded" or "Failed"))
        {
            _status = "Terminating";
        }
    }

    /// <summary>True: one of them has not ended, and the status tells how it is.</summary>
    private bool ReadInitContainers()
    {
        foreach (var (i, container) in _pod.Items("status.initContainerStatuses").Index())
        {
            Count(container, ref _restarts, ref _lastRestart);
            var isSidecar = _sidecars.Contains(container.Text("name"));
            if (isSidecar)
            {
                Count(container, ref _sidecarRestarts, ref _lastSidecarRestart);
            }
            var (ended, waiting) = (container.At("state.terminated"), container.Text("state.waiting.reason"));
            if (ended is not null && ended.Number("exitCode") == 0)
            {
                continue;
            }
            if (isSidecar && container.Flag("started"))
            {
                _ready += container.Flag("ready") ? 1 : 0;
                continue;
            }
            _status = ended is not null ? $"Init:{Ended(ended)}"
                : waiting is not ("" or "PodInitializing") ? $"Init:{waiting}"
                : $"Init:{i}/{_pod.Count("spec.initContainers")}";
            return true;
        }
        return false;
    }

    private void ReadContainers()
    {
        (_restarts, _lastRestart) = (_sidecarRestarts, _lastSidecarRestart);
        var hasRunning = false;
        foreach (var container in _pod.Items("status.containerStatuses").Reverse())
        {
            Count(container, ref _restarts, ref _lastRestart);
            if (container.Text("state.waiting.reason") is { Length: > 0 } waiting)
            {
                _status = waiting;
            }
            else if (container.At("state.terminated") is { } ended)
            {
                _status = Ended(ended);
            }
            else if (container.Flag("ready") && container.At("state.running") is not null)
            {
                hasRunning = true;
                _ready++;
            }
        }
        if (_status == "Completed" && hasRunning)
        {
            _status = _pod.HasCondition("Ready") ? "Running" : "NotReady";
        }
    }

    private static void Count(JsonObject container, ref long restarts, ref DateTimeOffset? last)
    {
        restarts += container.Number("restartCount");
        if (container.Time("lastState.terminated.finishedAt") is { } time && (last is null || time > last))
        {
            last = time;
        }
    }

    private static string Ended(JsonNode state) => state.Text("reason") is { Length: > 0 } reason ? reason
        : state.Number("signal") is > 0 and var signal ? $"Signal:{signal}" : $"ExitCode:{state.Number("exitCode")}";

    private string Restarts(DateTimeOffset now)
    {
        var text = _restarts.ToString(CultureInfo.InvariantCulture);
        return _restarts == 0 || _lastRestart is null ? text
            : $"{text} ({HumanDuration.Text(now - _lastRestart.Value)} ago)";
    }
}
