using System.Net.Sockets;
using Dataplane.Node.Observation;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Read;

/// <summary>
/// All packets of one protocol and port between two ends, in both directions; <see cref="From"/> opened the flow.
/// </summary>
internal sealed class FlowSum(
    string from, string to, Probe probe, AddressFamily family, FlowVerdict? verdict, string? notJudged)
{
    public string From => from;
    public string To => to;
    public Probe Probe => probe;
    public AddressFamily Family => family;

    /// <summary>
    /// The verdict; null without manifests, or if no policy is evaluated, see <see cref="NotJudged"/>.
    /// </summary>
    public FlowVerdict? Verdict => verdict;

    /// <summary>The reason why no policy is evaluated.</summary>
    public string? NotJudged => notJudged;

    public int Packets { get; private set; }

    /// <summary>The number of <see cref="Packets"/> that are replies, or errors about the flow.</summary>
    public int Replies { get; private set; }

    /// <summary>Bytes of the whole frames.</summary>
    public long Bytes { get; private set; }

    public void Add(int length, bool isReply)
    {
        Packets++;
        Bytes += length;
        if (isReply) Replies++;
    }
}

/// <summary>
/// Sorts packets into flows in file order. A reply is a packet in the opposite direction after a packet of the flow, or
/// one that its header marks as a reply; it has the verdict of its flow. Flows that differ only in the opener's port
/// are merged.
/// </summary>
internal sealed class FlowBook(AddressBook addresses)
{
    private readonly Dictionary<PacketFacts, FlowSum> _connections = [];
    private readonly Dictionary<(string From, string To, Probe Probe, AddressFamily Family), FlowSum> _sums = [];

    /// <summary>Flows by names, protocol, port and family.</summary>
    public IEnumerable<FlowSum> Flows => _sums.Values
        .OrderBy(f => f.From, StringComparer.Ordinal).ThenBy(f => f.To, StringComparer.Ordinal)
        .ThenBy(f => f.Probe.Protocol).ThenBy(f => f.Probe.Port).ThenBy(f => f.Family);

    /// <returns>The flow, or null for a packet without one, and whether the packet is a reply.</returns>
    public (FlowSum? Flow, bool IsReply) Add(FrameFacts frame, int length)
    {
        var (flow, isReply) = Find(frame);
        flow?.Add(length, isReply);
        return (flow, isReply);
    }

    private (FlowSum? Flow, bool IsReply) Find(FrameFacts frame)
    {
        if (frame.Flow is not { } facts) return default;
        var known = _connections.GetValueOrDefault(facts);
        switch (frame.Part)
        {
            case FlowPart.Error: return ((known ?? _connections.GetValueOrDefault(facts.Reversed)), true);
            case FlowPart.Reply: return (Open(facts.Reversed), true);
            case FlowPart.Opening: return (known ?? Open(facts), false);
            default:
                if (known is not null) return (known, false);
                return _connections.TryGetValue(facts.Reversed, out var other) ? (other, true) : (Open(facts), false);
        }
    }

    private FlowSum? Open(PacketFacts facts)
    {
        if (_connections.TryGetValue(facts, out var known)) return known;
        if (facts.FlowProtocol is not { } protocol) return null;
        var probe = new Probe(protocol, protocol == FlowProtocol.Icmp ? (ushort)0 : facts.Port);
        var key = (addresses.Name(facts.Source), addresses.Name(facts.Destination), probe, facts.Source.Family);
        if (!_sums.TryGetValue(key, out var sum))
        {
            var flow = addresses.Flow(facts.Source, facts.Destination, probe, out var why);
            var verdict = flow is { } asked ? FlowVerdict.Of(addresses.Cluster!, asked) : null;
            _sums[key] = sum = new FlowSum(key.Item1, key.Item2, probe, facts.Source.Family, verdict, why);
        }
        return _connections[facts] = sum;
    }
}
