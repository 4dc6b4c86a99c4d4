using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Addresses outside as sources of packets to Services, in groups that neither the policies of both sides nor the
/// source ranges of the Services tell apart.
/// </summary>
internal static class OutsideSources
{
    private const string Separator = ", ";

    /// <returns>Each group by its CIDRs, with one of its addresses.</returns>
    public static IReadOnlyList<(string Name, Endpoint Sample)> Of(
        SideClasses before, SideClasses after, IEnumerable<ServiceObject> services)
    {
        List<IPNetwork> ranges = [.. services.SelectMany(service => service.SourceRanges).Distinct()];
        return [.. AddressFamilies.All.SelectMany(family => Of(before, after, ranges, family))];
    }

    /// <summary>The names of which the name of a group consists; of any other source, its own.</summary>
    public static string[] Cidrs(string name) => name.Split(Separator);

    private static IEnumerable<(string Name, Endpoint Sample)> Of(
        SideClasses before, SideClasses after, List<IPNetwork> ranges, AddressFamily family)
    {
        var own = ranges.Where(range => range.BaseAddress.AddressFamily == family).ToList();
        var starts = new SortedSet<UInt128>(
        [
            0, .. before.OutsideCuts(family), .. after.OutsideCuts(family),
            .. own.Select(AddressRange.Of).SelectMany(range => range.Last == AddressRange.Highest(family)
                ? [range.First] : new[] { range.First, range.Last + 1 }),
        ]).ToArray();
        return from index in Enumerable.Range(0, starts.Length)
               let last = index + 1 < starts.Length ? starts[index + 1] - 1 : AddressRange.Highest(family)
               let sample = AddressRange.ToAddress(starts[index], family)
               let inside = string.Join(' ', own.Select(range => range.Contains(sample)))
               group new AddressRange(starts[index], last)
                   by (before.OutsideClassOf(sample), after.OutsideClassOf(sample), inside) into same
               let first = AddressRange.ToAddress(same.First().First, family)
               select (string.Join(Separator, AddressText.Cidrs(same, family)), (Endpoint)new ExternalEndpoint(first));
    }
}
