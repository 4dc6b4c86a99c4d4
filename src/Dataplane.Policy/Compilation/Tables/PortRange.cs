using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The destination ports that a rule allows: everything (<see cref="Protocol"/> null, ICMP included), every port of one
/// protocol (0-65535), or ports <see cref="First"/> to <see cref="Last"/> of it.
/// </summary>
public readonly record struct PortRange(FlowProtocol? Protocol, ushort First, ushort Last)
{
    public static readonly PortRange Everything = new(null, 0, ushort.MaxValue);

    public bool IsWholeProtocol => First == 0 && Last == ushort.MaxValue;

    /// <summary>
    /// Joins overlapping and adjacent ranges, and drops ranges that a wider one covers. The result is sorted.
    /// </summary>
    public static IReadOnlyList<PortRange> Merge(IReadOnlyCollection<PortRange> ranges)
    {
        if (ranges.Count <= 1) return ranges as IReadOnlyList<PortRange> ?? [.. ranges];
        if (ranges.Any(r => r.Protocol is null)) return [Everything];
        var merged = new List<PortRange>();
        foreach (var range in ranges.OrderBy(r => r.Protocol).ThenBy(r => r.First))
        {
            if (merged.Count > 0 && merged[^1].Protocol == range.Protocol && range.First <= merged[^1].Last + 1)
                merged[^1] = merged[^1] with { Last = Math.Max(merged[^1].Last, range.Last) };
            else
                merged.Add(range);
        }
        return merged;
    }

    public bool Contains(Probe probe) =>
        Protocol is null || (Protocol == probe.Protocol && probe.Port >= First && probe.Port <= Last);
}
