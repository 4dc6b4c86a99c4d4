using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Policy.Diff;

/// <summary>
/// All protocols and ports, cut at the boundaries of a set of ranges: every port of a piece gets the same answer from
/// rules that name only those ranges. ICMP, which only a rule without ports allows, is a piece of its own.
/// </summary>
internal sealed class PortPieces
{
    private static readonly FlowProtocol[] WithPorts = [FlowProtocol.Tcp, FlowProtocol.Udp, FlowProtocol.Sctp];

    private readonly PortRange[] _pieces;

    public PortPieces(IEnumerable<PortRange> ranges)
    {
        var pieces = new List<PortRange>();
        var cuts = WithPorts.ToDictionary(protocol => protocol, _ => new SortedSet<int> { 1 });
        foreach (var range in ranges.Where(range => range.Protocol is not (null or FlowProtocol.Icmp)))
        {
            cuts[range.Protocol!.Value].Add(Math.Max((int)range.First, 1));
            cuts[range.Protocol!.Value].Add(range.Last + 1);
        }
        foreach (var (protocol, starts) in cuts)
        {
            starts.Remove(ushort.MaxValue + 1);
            var sorted = starts.ToArray();
            for (var i = 0; i < sorted.Length; i++)
            {
                var last = i + 1 < sorted.Length ? sorted[i + 1] - 1 : ushort.MaxValue;
                pieces.Add(new PortRange(protocol, (ushort)sorted[i], (ushort)last));
            }
        }
        pieces.Add(new PortRange(FlowProtocol.Icmp, 0, 0));
        _pieces = [.. pieces];
    }

    public int Count => _pieces.Length;

    /// <summary>One probe that stands for the whole piece.</summary>
    public Probe Sample(int piece) => new(_pieces[piece].Protocol!.Value, _pieces[piece].First);

    /// <summary>The chosen pieces joined.</summary>
    public IReadOnlyList<PortRange> Join(IReadOnlyList<int> chosen)
    {
        if (chosen.Count == _pieces.Length)
        {
            return [PortRange.Everything];
        }
        return
        [
            .. PortRange.Merge([.. chosen.Select(piece => _pieces[piece])])
                .Select(range => range is { First: 1, Last: ushort.MaxValue } ? range with { First = 0 } : range)
                .OrderBy(range => range.Protocol == FlowProtocol.Icmp).ThenBy(range => range.Protocol)
                    .ThenBy(range => range.First),
        ];
    }
}

/// <summary>Port ranges as people read them.</summary>
internal static class PortRangeText
{
    /// <summary><c>all</c>, <c>TCP</c>, <c>TCP 80</c>, <c>TCP 80-90, UDP 53, ICMP</c>.</summary>
    public static string Of(IEnumerable<PortRange> ranges) => string.Join(", ", ranges.Select(Of));

    private static string Of(PortRange range) => range switch
    {
        { Protocol: null } => "all",
        { IsWholeProtocol: true } or { Protocol: FlowProtocol.Icmp } => range.Protocol.Value.Text(),
        _ when range.First == range.Last => $"{range.Protocol.Value.Text()} {range.First}",
        _ => $"{range.Protocol.Value.Text()} {range.First}-{range.Last}",
    };
}
