using System.Net;
using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>Groups the endpoints of both sides into units whose members no policy of either side tells apart.</summary>
internal sealed class DiffUnits
{
    private readonly Dictionary<string, int> _cutNumbers = [];
    private readonly List<IReadOnlyList<PortRange>> _cuts = [];
    private readonly Dictionary<(int, int), PortPieces> _pieces = [];
    private readonly Dictionary<(DiffUnit, AddressFamily), (EndClasses Before, EndClasses After)> _classes;

    public DiffUnits(Cluster before, Cluster after, IReadOnlyList<ObjectChange> objects)
    {
        Before = new SideClasses(before);
        After = new SideClasses(after);
        var changed = new ChangedPods(before, after, objects);
        Blocks = new BlockNames(changed.Blocks);
        var old = before.Pods.Where(pod => !pod.IsHostNetwork).ToDictionary(pod => pod.Name);
        var common = after.Pods.Where(pod => !pod.IsHostNetwork && old.ContainsKey(pod.Name))
            .Select(pod => (Before: old[pod.Name], After: pod)).OrderBy(pair => pair.After.Name, StringComparer.Ordinal)
                .ToList();
        PodsOf = common.CountBy(pair => pair.After.Pod.Namespace).ToDictionary();
        All =
        [
            .. common.GroupBy(pair => (Key(pair.Before, pair.After, AddressFamily.InterNetwork),
                Key(pair.Before, pair.After, AddressFamily.InterNetworkV6)))
                .Select(group => Pods([.. group], changed)),
            Node(before.Node, after.Node, changed.Node),
            .. AddressFamilies.All.SelectMany(Outside),
        ];
        for (var i = 0; i < All.Count; i++)
        {
            All[i].Number = i;
        }
        _classes = All.SelectMany(unit => unit.Families, (unit, family) => (unit, family)).ToDictionary(end => end,
            end => (Before.ClassesOf(end.unit.First.Before, end.family),
                After.ClassesOf(end.unit.First.After, end.family)));
    }

    public SideClasses Before { get; }

    public SideClasses After { get; }

    public IReadOnlyList<DiffUnit> All { get; }

    /// <summary>How many pods both sides have in a namespace.</summary>
    public IReadOnlyDictionary<string, int> PodsOf { get; }

    public BlockNames Blocks { get; }

    /// <summary>The pieces of ports and protocols to compare between two units.</summary>
    public PortPieces Pieces(DiffUnit from, DiffUnit to, AddressFamily family)
    {
        var key = (from.LeavingCuts.GetValueOrDefault(family, -1), to.EnteringCuts.GetValueOrDefault(family, -1));
        if (!_pieces.TryGetValue(key, out var pieces))
        {
            _pieces[key] = pieces = new PortPieces([.. Cuts(key.Item1), .. Cuts(key.Item2)]);
        }
        return pieces;
    }

    /// <summary>Pairs of the same keys change in the same way: what leaves and enters, before and after.</summary>
    public (int, int, int, int) Keys(DiffUnit from, DiffUnit to, AddressFamily family)
    {
        var (fromBefore, fromAfter) = _classes[(from, family)];
        var (toBefore, toAfter) = _classes[(to, family)];
        var (leftBefore, enteredBefore) = Before.Keys(fromBefore, toBefore);
        var (leftAfter, enteredAfter) = After.Keys(fromAfter, toAfter);
        return (leftBefore, enteredBefore, leftAfter, enteredAfter);
    }

    private IReadOnlyList<PortRange> Cuts(int number) => number < 0 ? [] : _cuts[number];

    private (PodClass, PodClass)? Key(PodEndpoint before, PodEndpoint after, AddressFamily family) =>
        before.Address(family) is { } old
            && after.Address(family) is { } now ? (Before.ClassOf(old), After.ClassOf(now)) : null;

    private DiffUnit Pods(IReadOnlyList<(PodEndpoint Before, PodEndpoint After)> members, ChangedPods changed)
    {
        var (before, after) = members[0];
        var families =
            AddressFamilies.All.Where(family => before.Address(family) is not null && after.Address(family) is not null)
            .ToList();
        return new DiffUnit
        {
            Names = [.. members.Select(member => member.After.Name)],
            First = new EndpointPair(before, after),
            Second = members.Count > 1 ? new EndpointPair(members[1].Before, members[1].After) : null,
            Families = families,
            LeavingChanged = members.Any(member => changed.Concerns(member.Before, member.After, Direction.Egress)),
            EnteringChanged = members.Any(member => changed.Concerns(member.Before, member.After, Direction.Ingress)),
            LeavingCuts = families.ToDictionary(family => family,
                family => Number(before, after, family, Direction.Egress)),
            EnteringCuts = families.ToDictionary(family => family,
                family => Number(before, after, family, Direction.Ingress)),
        };
    }

    private int Number(PodEndpoint before, PodEndpoint after, AddressFamily family, Direction direction)
    {
        List<PortRange> ranges =
        [
            .. Before.Ports(before.Address(family)!, direction).Concat(After.Ports(after.Address(family)!, direction))
                .Distinct()
                .OrderBy(range => range.Protocol).ThenBy(range => range.First).ThenBy(range => range.Last),
        ];
        var text = PortRangeText.Of(ranges);
        if (!_cutNumbers.TryGetValue(text, out var number))
        {
            _cutNumbers[text] = number = _cuts.Count;
            _cuts.Add(ranges);
        }
        return number;
    }

    private static DiffUnit Node(NodeEndpoint before, NodeEndpoint after, bool changed) => new()
    {
        Names = [after.Name],
        First = new EndpointPair(before, after),
        Families =
            [.. AddressFamilies.All.Where(family => before.AddressIn(family) is not null
            && after.AddressIn(family) is not null)],
        LeavingChanged = changed,
        EnteringChanged = changed,
    };

    private IEnumerable<DiffUnit> Outside(AddressFamily family)
    {
        var starts = new SortedSet<UInt128>([0, .. Before.OutsideCuts(family), .. After.OutsideCuts(family)]).ToArray();
        return starts
            .Select((start, i) =>
                new AddressRange(start, i + 1 < starts.Length ? starts[i + 1] - 1 : AddressRange.Highest(family)))
            .GroupBy(range => OutsideKey(AddressRange.ToAddress(range.First, family)))
            .Select(group => Outside([.. group], family));
    }

    private (OutsideClass Before, OutsideClass After) OutsideKey(IPAddress address) =>
        (Before.OutsideClassOf(address), After.OutsideClassOf(address));

    private static DiffUnit Outside(IReadOnlyList<AddressRange> ranges, AddressFamily family)
    {
        var sample = new ExternalEndpoint(AddressRange.ToAddress(ranges[0].First, family));
        return new DiffUnit
        {
            Names = [],
            First = new EndpointPair(sample, sample),
            Families = [family],
            Ranges = ranges,
            LeavingChanged = false,
            EnteringChanged = false,
        };
    }
}
