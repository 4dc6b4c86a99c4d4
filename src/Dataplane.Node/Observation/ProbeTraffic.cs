using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Node.Observation;

/// <summary>
/// The connections that this process makes to prove something, so that the flow log can tell them from those of pods. A
/// connection counts by its addresses and ports, for the time of the probes: what a packet looks like proves nothing,
/// as a pod can imitate it. Safe to use from several threads.
/// </summary>
public sealed class ProbeTraffic
{
    /// <summary>
    /// So many connections are remembered at least, 15 MB: a reader of the kernel's events may be behind by several
    /// slices of a verification. Older ones are told as a pod's.
    /// </summary>
    private const int MaxRemembered = 200_000;

    /// <summary>After so long no event of a probe is under way. Milliseconds.</summary>
    private const long Lifetime = 10_000;

    private volatile Run[] _runs = [];

    private int _strangerPort;

    /// <summary>The port of the negative control, all of whose packets are ours; none: there is no such port.</summary>
    public InterfaceIndex StrangerPort
    {
        get => new(Volatile.Read(ref _strangerPort));
        set => Volatile.Write(ref _strangerPort, value.Value);
    }

    private sealed record Run(HashSet<PacketFacts> Connections, long Began);

    /// <summary>Whether the packet or connection is one of a probe, in either direction.</summary>
    internal bool Has(in PacketFacts facts, ushort icmpId)
    {
        var runs = _runs;
        if (runs.Length == 0) return false;
        var key = Key(facts, icmpId);
        var reversed = key.IsIcmp
            ? key with { Source = key.Destination, Destination = key.Source }
            : key.Reversed;
        return Array.Exists(runs, run => run.Connections.Contains(key) || run.Connections.Contains(reversed));
    }

    /// <summary>Called before the first of these connections is made.</summary>
    internal void Begin(IReadOnlyCollection<ConntrackTuple> connections)
    {
        var fresh = new HashSet<PacketFacts>(connections.Count);
        foreach (var connection in connections) fresh.Add(Key(PacketFacts.Of(connection), connection.IcmpId));
        var now = Environment.TickCount64;
        List<Run> kept = [new(fresh, now)];
        var count = fresh.Count;
        foreach (var run in _runs)
        {
            if (count >= MaxRemembered || now - run.Began > Lifetime) break;
            kept.Add(run);
            count += run.Connections.Count;
        }
        _runs = [.. kept];
    }

    /// <summary>Forgets what is old, where nothing has come for a while.</summary>
    internal void Expire()
    {
        var runs = _runs;
        if (runs.Length > 0 && Environment.TickCount64 - runs[0].Began > Lifetime)
            Interlocked.CompareExchange(ref _runs, [], runs);
    }

    /// <summary>An echo has its identifier where others have the source port.</summary>
    private static PacketFacts Key(in PacketFacts facts, ushort icmpId) =>
        facts.IsIcmp ? facts with { SourcePort = icmpId, Port = 0 } : facts;
}
