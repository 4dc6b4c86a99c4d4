using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Addresses outside, cut wherever a policy or the ranges of a Service cut them on either side: one of each part
/// answers for all of it.
/// </summary>
internal sealed class OutsideParts
{
    private readonly Dictionary<string, (AddressFamily Family, AddressRange Range)> _parts = [];

    /// <param name="services">The full names of those whose ranges count.</param>
    public OutsideParts(Cluster before, Cluster after, HashSet<string> services)
    {
        var blocks = ((Cluster[])[before, after]).SelectMany(cluster => ClusterBlocks.Of(cluster).Concat(
            cluster.Services.Where(s => services.Contains(s.Name)).SelectMany(s => s.Object.SourceRanges))).ToList();
        foreach (var family in AddressFamilies.All)
        {
            var highest = AddressRange.Highest(family);
            var starts = new SortedSet<UInt128>(blocks.Where(block => block.BaseAddress.AddressFamily == family)
                .Select(AddressRange.Of)
                .SelectMany(block => block.Last == highest ? [block.First] : new[] { block.First, block.Last + 1 }))
            { 0 };
            UInt128[] ordered = [.. starts];
            for (var i = 0; i < ordered.Length; i++)
            {
                var sample = new ExternalEndpoint(AddressRange.ToAddress(ordered[i], family));
                _parts[sample.Name] = (family,
                    new AddressRange(ordered[i], i + 1 < ordered.Length ? ordered[i + 1] - 1 : highest));
            }
        }
        Samples = [.. _parts.Values.Select(p => new ExternalEndpoint(AddressRange.ToAddress(p.Range.First, p.Family)))];
    }

    public IReadOnlyList<Endpoint> Samples { get; }

    /// <summary>Sources by name, sorted; then the CIDRs of the parts that are among them.</summary>
    public IEnumerable<string> Named(IEnumerable<string> sources)
    {
        var parts = sources.ToLookup(_parts.ContainsKey);
        return parts[false].Order(StringComparer.Ordinal).Concat(AddressFamilies.All.SelectMany(family =>
            AddressText.Cidrs(parts[true].Select(name => _parts[name]).Where(part => part.Family == family)
                .Select(part => part.Range), family)));
    }
}
