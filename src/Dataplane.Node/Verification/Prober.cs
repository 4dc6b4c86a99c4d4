using Dataplane.Linux.Capture;
using Dataplane.Linux.Conntrack;
using Dataplane.Node.Observation;
using Dataplane.Node.Ports;

namespace Dataplane.Node.Verification;

/// <summary>
/// Sends probes on several CPUs (four at most) and settles each. Nearly all of the time is spent in the kernel, inside
/// the call that sends.
/// </summary>
internal sealed class Prober : IDisposable
{
    /// <summary>
    /// Maximum number of probes before sentinels. With their answers they stay below net.core.netdev_max_backlog
    /// (1,000).
    /// </summary>
    public const int ChunkSize = 400;

    /// <summary>Maximum number of lanes. More would only contend for the one drop log.</summary>
    private const int MostLanes = 4;

    private readonly Witnesses _witnesses;
    private readonly ProbeLedger _ledger;
    private readonly List<ProbeLane> _lanes = [];
    private readonly IReadOnlyList<int> _cpus;
    private readonly NodePorts _node;
    private readonly Station _stranger;
    private readonly HashSet<ConntrackTuple> _taken;
    private uint _nextId = 1;

    /// <param name="drops">See <see cref="Witnesses"/>.</param>
    /// <param name="taken">Connections of others, in either direction: no probe looks like one.</param>
    /// <param name="traffic">See <see cref="ProbeLedger"/>.</param>
    public Prober(NodePorts node, Station stranger, bool watchNode, EvidenceFile? evidence, DropLog? drops,
        HashSet<ConntrackTuple> taken, ProbeTraffic? traffic)
    {
        (_node, _stranger, _taken) = (node, stranger, taken);
        _ledger = new ProbeLedger(evidence, traffic);
        _witnesses = new Witnesses(node, watchNode, drops);
        _cpus = [.. CpuPinning.Allowed().Take(Math.Min(MostLanes, Environment.ProcessorCount))];
    }

    /// <summary>Number of frames and log entries lost so far. Losses can leave flows undecided.</summary>
    public long Lost => _witnesses.Lost;

    /// <summary>Sends all probes and settles them. The array is used until the next call.</summary>
    /// <param name="progress">Called with the number of settled probes, on the calling thread.</param>
    /// <exception cref="OperationCanceledException">Stopped; the probes that were sent are settled.</exception>
    public void Probe(ProbeState[] probes, Action<int>? progress, CancellationToken stop)
    {
        if (probes.Length > int.MaxValue - _nextId) _nextId = 1;
        _ledger.Begin(probes, _nextId, _taken);
        _nextId += (uint)probes.Length;
        var work = new Work(probes, _taken, progress, stop);
        var lanes = Math.Min(_cpus.Count, (probes.Length + ChunkSize - 1) / ChunkSize);
        while (_lanes.Count < lanes)
            _lanes.Add(new ProbeLane(_lanes.Count, _node.Netns, _stranger, _witnesses, _ledger));
        // The first lane runs on this thread and reports progress; each other lane has a thread of its own.
        var others = _lanes.Take(lanes).Skip(1).Index().Select(other =>
            Task.Factory.StartNew(() =>
                work.Run(other.Item, _cpus[other.Index + 1], tells: false), default, TaskCreationOptions.LongRunning,
                TaskScheduler.Default)).ToArray();
        try
        {
            if (lanes > 0) work.Run(_lanes[0], _cpus[0], tells: true);
        }
        finally
        {
            // All lanes must have stopped when this method returns, also if it throws.
            Task.WaitAny([Task.WhenAll(others)], CancellationToken.None);
        }
        foreach (var other in others) other.GetAwaiter().GetResult();
        stop.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        foreach (var lane in _lanes) lane.Dispose();
        _witnesses.Dispose();
    }

    /// <summary>The probes that are still to be sent. A lane that is free takes the next chunk.</summary>
    private sealed class Work(ProbeState[] probes, HashSet<ConntrackTuple> taken, Action<int>? progress,
        CancellationToken stop)
    {
        private int _taken, _settled;
        private volatile bool _failed;

        public void Run(ProbeLane lane, int cpu, bool tells)
        {
            using var pinned = CpuPinning.PinCurrentThread(cpu);
            try
            {
                while (!stop.IsCancellationRequested && !_failed
                    && Interlocked.Add(ref _taken, ChunkSize) - ChunkSize is var first && first < probes.Length)
                {
                    var chunk = probes.AsSpan(first, Math.Min(ChunkSize, probes.Length - first));
                    lane.Probe(chunk, taken);
                    var settled = Interlocked.Add(ref _settled, chunk.Length);
                    if (tells) progress?.Invoke(settled);
                }
            }
            catch
            {
                _failed = true;
                throw;
            }
        }
    }
}
