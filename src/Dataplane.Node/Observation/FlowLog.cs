using System.Collections.Concurrent;
using System.Globalization;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Programming;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Observation;

/// <summary>
/// The flows through the node: connections that our rules allowed (conntrack events with an epoch in the mark) and
/// packets that they dropped (the drop log), with names and policies. The two threads that read from the kernel only
/// copy into a queue; a third one finds names and policies. Entries that did not fit into a queue are reported as lost.
/// </summary>
public sealed class FlowLog : IDisposable
{
    /// <summary>Capacity of the queue between the reading threads and the naming thread, in entries.</summary>
    private const int InboxCapacity = 50_000;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly BlockingCollection<Observation> _inbox = new(InboxCapacity);
    private readonly FlowHistory _history = new();
    private readonly FlowWindow _window;
    private readonly ConntrackEvents _events;
    private readonly DropCounters _suppressed;
    private readonly IDisposable _drops;
    private readonly Thread _listener, _worker;
    private readonly ProbeTraffic? _probes;
    private volatile Scenes _scenes;
    private volatile bool _stopping;
    private long _missed;
    private long _nextCount;
    private int _countsDue;

    /// <param name="probes">Null: everything is told as a pod's.</param>
    public FlowLog(Netns node, DropLog drops, FlowScene scene, ProbeTraffic? probes = null)
    {
        _probes = probes;
        _scenes = new Scenes(scene, null);
        _window = new FlowWindow(Tell);
        _events = ConntrackEvents.Open(node);
        _suppressed = new DropCounters(node);
        _listener = new Thread(Listen) { IsBackground = true, Name = "connections" };
        _worker = new Thread(Work) { IsBackground = true, Name = "flow log" };
        _listener.Start();
        _worker.Start();
        _drops = drops.Subscribe(record =>
            Put(new Observation(record.Time, _scenes, record, default) { IsProbe = IsProbe(record) }));
    }

    /// <summary>Raised for every entry when it is published, on the naming thread.</summary>
    public event Action<ObservedFlow>? Told;

    /// <summary>The state that names endpoints and explains drops.</summary>
    public FlowScene Scene => _scenes.Now;

    /// <summary>Replaces <see cref="Scene"/> for entries that are read from now on.</summary>
    public void Use(FlowScene scene) => _scenes = new Scenes(scene, _scenes.Now);

    /// <summary>The last entries that pass the filter, oldest first. The log keeps 10,000 entries.</summary>
    public IReadOnlyList<ObservedFlow> Last(int count, FlowFilter filter = default) => _history.Last(count, filter);

    /// <summary>The last entries, and a subscription to all that come after them.</summary>
    /// <param name="capacity">
    /// Maximum number of entries that wait for a slow reader; it loses the entries beyond.
    /// </param>
    public FlowSubscription Subscribe(int count, FlowFilter filter, out IReadOnlyList<ObservedFlow> last,
        int capacity = 4096) =>
        _history.Subscribe(count, filter, capacity, out last);

    public void Dispose()
    {
        _stopping = true;
        _drops.Dispose();
        _listener.Join();
        _worker.Join();
        _events.Dispose();
        _suppressed.Dispose();
    }

    private void Listen()
    {
        var overruns = 0L;
        while (!_stopping)
        {
            _events.Receive(Step, (in entry) =>
            {
                // Connections without an epoch in the mark were not judged by our rules.
                if ((entry.Mark & MarkBits.Epoch) == 0) return;
                Put(new Observation(DateTimeOffset.UtcNow, _scenes, null, entry.Ends)
                {
                    Asked = entry.Original,
                    IsProbe = _probes?.Has(PacketFacts.Of(entry.Original), entry.Original.IcmpId) is true,
                });
            });
            if (_events.Overruns == overruns) continue;
            var lost = _events.Overruns - overruns;
            Put(new Observation(DateTimeOffset.UtcNow, _scenes, null, default) { ConnectionsLost = lost });
            overruns = _events.Overruns;
        }
    }

    private bool IsProbe(DropRecord drop)
    {
        if (_probes is null || drop.Lost > 0) return false;
        if (!drop.Port.IsNone && drop.Port == _probes.StrangerPort) return true;
        return IpView.TryParse(drop.Packet.Span, drop.EtherType, out var ip)
            && _probes.Has(PacketFacts.Of(ip), IcmpId(ip));

        static ushort IcmpId(in IpView ip) =>
            ip.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6
                && IcmpView.TryParse(ip.Transport, ip.IsIPv6, out var icmp) ? icmp.Identifier : (ushort)0;
    }

    private void Put(in Observation observation)
    {
        if (!_inbox.TryAdd(observation)) Interlocked.Increment(ref _missed);
    }

    private void Work()
    {
        while (!_stopping)
        {
            if (_inbox.TryTake(out var observation, Step))
            {
                _window.Add(Entry(observation) with { IsProbe = observation.IsProbe });
                // Read the counters of suppressed drops after a logged drop: a source over its limit always has some
                // logged ones too. Read them twice: drops after the last logged one would be missed otherwise.
                if (observation.Drop is not null) _countsDue = 2;
            }
            else
            {
                _window.Advance(DateTimeOffset.UtcNow);
                _probes?.Expire();
            }
            CountSuppressed();
            // Reports what was lost while the queue was full, once it is less than half full.
            if (_inbox.Count < InboxCapacity / 2 && Interlocked.Exchange(ref _missed, 0) is > 0 and var missed)
                _window.Add(ObservedFlow.Loss(missed, "more than could be named"));
        }
    }

    private void CountSuppressed()
    {
        if (_countsDue == 0 || Environment.TickCount64 < _nextCount) return;
        _countsDue--;
        _nextCount = Environment.TickCount64 + (long)FlowWindow.Length.TotalMilliseconds;
        _suppressed.Read((reason, count) =>
            Tell(ObservedFlow.Loss(count, $"{reason}: over the limit of the drop log")));
    }

    private static ObservedFlow Entry(in Observation seen)
    {
        if (seen.ConnectionsLost > 0)
            return ObservedFlow.Loss(seen.ConnectionsLost, "connections, at least") with { Time = seen.Time };
        if (seen.Drop is { Lost: > 0 and var lost })
            return ObservedFlow.Loss(lost, "drop log") with { Time = seen.Time };
        var scene = seen.Scenes.Now;
        if (seen.Drop is not { } drop)
        {
            var connection = PacketFacts.Of(seen.Connection);
            return new ObservedFlow(seen.Time, FlowVerdict.Allowed, scene.Name(connection.Source),
                scene.Name(connection.Destination), connection.ProtocolText,
                connection.SourcePort, connection.Port, Family(connection), null, null, 1)
            {
                // What was asked for and who answers differ where the destination was translated.
                Service = seen.Asked == seen.Connection ? null : scene.Service(PacketFacts.Of(seen.Asked)),
            };
        }
        var sender = Sender(scene, drop);
        if (PacketFacts.Of(drop.Packet.Span, drop.EtherType) is not { } facts)
        {
            return new ObservedFlow(seen.Time, FlowVerdict.Denied, sender ?? drop.SourceMac?.ToString(), null,
                string.Create(CultureInfo.InvariantCulture, $"0x{drop.EtherType:x4}"),
                0, 0, null, drop.Reason, null, 1);
        }
        // A packet that was dropped just before the state changed was denied by the state before.
        var decision = scene.Decision(facts, drop.Reason) ?? seen.Scenes.Before?.Decision(facts, drop.Reason);
        if (drop.Reason == DropReason.SpoofOutside) sender = facts.Source.ToString();
        return new ObservedFlow(seen.Time, FlowVerdict.Denied, sender ?? scene.Name(facts.Source),
            scene.Name(facts.Destination), facts.ProtocolText,
            facts.SourcePort, facts.Port, Family(facts), drop.Reason, decision, 1);
    }

    /// <summary>
    /// The pod behind the port, for drop reasons that mean that the source address may be forged; null for others.
    /// </summary>
    private static string? Sender(FlowScene scene, DropRecord drop) =>
        drop.Reason is DropReason.Spoof or DropReason.NotToGateway or DropReason.PortDirect or DropReason.Fragment
            or DropReason.ForgedChecksum or DropReason.ForgedSegments or DropReason.UnreadableHeader
            or DropReason.TooManyFragments or DropReason.Unguarded ? scene.PodAt(drop.Port) : null;

    private static string Family(PacketFacts facts) => facts.Source.Family.Text();

    private void Tell(ObservedFlow flow)
    {
        _history.Add(flow);
        Told?.Invoke(flow);
    }

    private sealed record Scenes(FlowScene Now, FlowScene? Before);

    /// <summary>What a reading thread received: a drop, a connection, or a loss of connection events.</summary>
    private readonly record struct Observation(DateTimeOffset Time, Scenes Scenes, DropRecord? Drop,
        ConntrackTuple Connection)
    {
        /// <summary>Of a connection: its first packet as it was sent.</summary>
        public ConntrackTuple Asked { get; init; }

        public long ConnectionsLost { get; init; }

        public bool IsProbe { get; init; }
    }
}
