using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Nflog;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Observation;

/// <summary>
/// Reads the node's drop log for any number of sinks: only one socket can listen to a group, so one thread reads it and
/// hands every entry to all sinks, in the kernel's order. Entries that the kernel had no room for are reported as a
/// loss before the next entry.
/// </summary>
public sealed class DropLog : IDisposable
{
    /// <summary>Maximum time that <see cref="Dispose"/> waits for the reading thread.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly NflogReader _reader;
    private readonly Thread _thread;
    private readonly Lock _sinksLock = new();
    private readonly ReasonNames _reasons = new();
    private volatile Action<DropRecord>[] _sinks = [];
    private volatile bool _stopping;
    private long _lostTold;

    private DropLog(NflogReader reader)
    {
        _reader = reader;
        _thread = new Thread(Read) { IsBackground = true, Name = "drop log" };
        _thread.Start();
    }

    /// <exception cref="LinuxException">EBUSY: another program listens to the group.</exception>
    public static DropLog Open(Netns node) => new(NflogReader.Open(node, NodeShape.Default.LogGroup));

    /// <summary>
    /// Number of lost entries. A loss is counted when the next entry arrives, by the gap in the sequence numbers.
    /// </summary>
    public long Lost => _reader.Lost;

    /// <summary>
    /// How often the kernel reported a loss. The last loss shows here before <see cref="Lost"/> can count it.
    /// </summary>
    public long Overruns => _reader.Overruns;

    /// <summary>
    /// Calls <paramref name="sink"/> with every entry from now on, on the reading thread: it must be quick and never
    /// wait. Dispose the returned object to end it; a call that is under way may still finish afterwards.
    /// </summary>
    public IDisposable Subscribe(Action<DropRecord> sink)
    {
        lock (_sinksLock) _sinks = [.. _sinks, sink];
        return new Subscription(this, sink);
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        _reader.Dispose();
    }

    private void Read()
    {
        while (!_stopping) _reader.Receive(Step, Hand);
    }

    private void Hand(scoped in NflogPacket packet)
    {
        var sinks = _sinks;
        if (_reader.Lost - _lostTold is > 0 and var lost)
        {
            _lostTold += lost;
            Hand(sinks, DropRecord.Loss(lost));
        }
        if (sinks.Length == 0) return;
        var port = packet.InPort.IsNone ? packet.InInterface : packet.InPort;
        Hand(sinks, new DropRecord(DateTimeOffset.UtcNow, _reasons[packet.PrefixBytes], packet.Payload.ToArray(),
            packet.EtherType, port, packet.SourceMac));
    }

    private static void Hand(Action<DropRecord>[] sinks, DropRecord record)
    {
        foreach (var sink in sinks) sink(record);
    }

    private void Unsubscribe(Action<DropRecord> sink)
    {
        lock (_sinksLock) _sinks = [.. _sinks.Where(s => s != sink)];
    }

    private sealed class Subscription(DropLog log, Action<DropRecord> sink) : IDisposable
    {
        public void Dispose() => log.Unsubscribe(sink);
    }
}
