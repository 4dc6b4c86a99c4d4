using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Changes that are the same put together: sources with the same destinations become one line, or destinations with the
/// same sources, whichever gives fewer lines. Exact: a line never says more than was added, but for a pod to itself.
/// </summary>
internal sealed class FlowGroups(DiffUnits units)
{
    private readonly Dictionary<(string Ports, int Families), Same> _all = [];

    private sealed record Same(IReadOnlyList<PortRange> Ports, IReadOnlyList<AddressFamily> Families,
        List<(DiffUnit From, DiffUnit To)> Pairs);

    private sealed record Rectangle(IReadOnlyList<DiffUnit> From, IReadOnlyList<DiffUnit> To);

    public void Add(DiffUnit from, DiffUnit to, IReadOnlyList<PortRange> ports, string portsText,
        IReadOnlyList<AddressFamily> families)
    {
        if (ports.Count == 0)
        {
            return;
        }
        var key = (portsText, families.Count == 1 ? (int)families[0] : 0);
        if (!_all.TryGetValue(key, out var same))
        {
            _all[key] = same = new Same(ports, families, []);
        }
        same.Pairs.Add((from, to));
    }

    public IReadOnlyList<FlowChange> ToChanges()
    {
        var changes = new List<FlowChange>();
        foreach (var same in _all.Values)
        {
            var bySource = Rectangles(same.Pairs, pair => pair.From, pair => pair.To)
                .Select(r => new Rectangle(r.Rows, r.Columns)).ToList();
            var byDestination = Rectangles(same.Pairs, pair => pair.To, pair => pair.From)
                .Select(r => new Rectangle(r.Columns, r.Rows)).ToList();
            changes.AddRange((byDestination.Count < bySource.Count ? byDestination : bySource)
                .Select(rectangle => Change(rectangle, same)));
        }
        return [.. JoinFamilies(changes).OrderBy(change => change.FromText, StringComparer.Ordinal)
            .ThenBy(change => change.ToText, StringComparer.Ordinal)
            .ThenBy(change => change.PortsText, StringComparer.Ordinal).ThenBy(change => change.Families[0])];
    }

    /// <summary>
    /// Rows with the same columns. A pod's own column is free to be there or not, so that "all of them to all of them"
    /// is one line: of a row's columns with and without itself, the form that more rows share.
    /// </summary>
    private IEnumerable<(IReadOnlyList<DiffUnit> Rows, IReadOnlyList<DiffUnit> Columns)> Rectangles(
        List<(DiffUnit From, DiffUnit To)> pairs, Func<(DiffUnit From, DiffUnit To), DiffUnit> row,
            Func<(DiffUnit From, DiffUnit To), DiffUnit> column)
    {
        var rows = new Dictionary<DiffUnit, UnitSet>();
        foreach (var pair in pairs)
        {
            if (!rows.TryGetValue(row(pair), out var columns))
            {
                rows[row(pair)] = columns = new UnitSet(units.All.Count);
            }
            columns.Add(column(pair).Number);
        }
        var forms = rows.Select(found => (Row: found.Key, Forms: Forms(found.Key, found.Value).ToList())).ToList();
        var shared = forms.SelectMany(found => found.Forms).CountBy(form => form).ToDictionary();
        return forms.GroupBy(found => found.Forms.MaxBy(form => shared[form])!, found => found.Row)
            .Select(group => ((IReadOnlyList<DiffUnit>)[.. group], group.Key.Of(units.All)));

        static IEnumerable<UnitSet> Forms(DiffUnit row, UnitSet columns)
        {
            yield return columns;
            if (row is { Second: null, First.Any: PodEndpoint } && !columns.Contains(row.Number))
            {
                yield return columns.With(row.Number);
            }
        }
    }

    private FlowChange Change(Rectangle rectangle, Same same)
    {
        var (from, to) = (Names(rectangle.From), Names(rectangle.To));
        return new FlowChange(from, to, same.Ports, same.Families) { FromText = Text(from), ToText = Text(to) };
    }

    /// <summary>"0.0.0.0/0 over IPv4" and "::/0 over IPv6" with the same other end are one line.</summary>
    private static IEnumerable<FlowChange> JoinFamilies(List<FlowChange> changes) =>
        changes.GroupBy(change => (change.PortsText, Outside(change.From) ? "" : change.FromText,
            Outside(change.To) ? "" : change.ToText, Joinable(change)))
            .SelectMany(group => group.Key.Item4
                && group.Select(change => change.Families[0]).Distinct().Count() == group.Count()
                ? [Joined([.. group])] : group.ToArray());

    private static bool Joinable(FlowChange change) =>
        change.Families.Count == 1 && (Outside(change.From) || Outside(change.To));

    private static bool Outside(IReadOnlyList<string> names) => names.All(IsCidr);

    private static FlowChange Joined(IReadOnlyList<FlowChange> changes) =>
        changes.Count == 1 ? changes[0] : changes[0] with
    {
        From = [.. changes.OrderBy(change => change.Families[0]).SelectMany(change => change.From).Distinct()],
        To = [.. changes.OrderBy(change => change.Families[0]).SelectMany(change => change.To).Distinct()],
        Families = [.. changes.SelectMany(change => change.Families).Order()],
        FromText = JoinedText(changes, change => change.FromText),
        ToText = JoinedText(changes, change => change.ToText),
    };

    private static string JoinedText(IReadOnlyList<FlowChange> changes, Func<FlowChange, string> text) =>
        string.Join(", ", changes.OrderBy(change => change.Families[0]).Select(text).Distinct());

    private static IReadOnlyList<string> Names(IReadOnlyList<DiffUnit> ends) =>
    [
        .. ends.SelectMany(unit => unit.Names).Order(StringComparer.Ordinal),
        .. from family in AddressFamilies.All
           let ranges = ends.Where(unit => unit.IsOutside && unit.Families[0] == family).SelectMany(unit => unit.Ranges)
               .ToList()
           where ranges.Count > 0
           from cidr in AddressText.Cidrs(ranges, family)
           select cidr,
    ];

    private string Text(IReadOnlyList<string> names) => string.Join(", ", names.Where(name => !IsCidr(name))
        .GroupBy(name => IsPod(name) ? name[..name.IndexOf('/')] : name)
        .SelectMany(group => group.Count() > 1
            && group.Count() == units.PodsOf.GetValueOrDefault(group.Key) ? [$"{group.Key}/*"] : group.ToArray())
        .Concat(names.Where(IsCidr).GroupBy(cidr => cidr.Contains(':'))
            .SelectMany(family => units.Blocks.Find(family) is { } block ? [block] : family.ToArray())));

    private static bool IsCidr(string name) => EndNames.KindOf(name) == EndKind.Cidr;

    private static bool IsPod(string name) => EndNames.KindOf(name) == EndKind.Pod;
}
