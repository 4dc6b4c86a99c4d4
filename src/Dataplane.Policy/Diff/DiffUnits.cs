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
    private readonly Dictionary<(DiffUnit, AddressFamily), (EndClasses? Before, EndClasses? After)> _classes;

    /// <param name="before">With the stand-ins of <paramref name="unloaded"/>.</param>
    /// <param name="after">With the stand-ins of <paramref name="unloaded"/>.</param>
    public DiffUnits(
        Cluster before, Cluster after, IReadOnlyList<ObjectChange> objects, IReadOnlyList<UnloadedPod> unloaded)
    {
        Before = new SideClasses(before);
        After = new SideClasses(after);
        var changed = new ChangedPods(before, after, objects);
        Blocks = new BlockNames(changed.Blocks);
        var (old, now) = (WithNetworks(before), WithNetworks(after));
        foreach (var pod in unloaded)
        {
            old.Remove(pod.Pod.Name);
            now.Remove(pod.Pod.Name);
        }
        var pods = old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(name => new PodPair(old.GetValueOrDefault(name), now.GetValueOrDefault(name))).ToList();
        PodsOf = pods.CountBy(pod => pod.Any.Pod.Namespace).ToDictionary();
        All =
        [
            .. pods.GroupBy(pod => (Key(pod, AddressFamily.InterNetwork), Key(pod, AddressFamily.InterNetworkV6)))
                .Select(group => Pods([.. group], changed, null)),
            Node(before.Node, after.Node, changed.Node),
            .. AddressFamilies.All.SelectMany(family => Outside(family, after)),
            .. unloaded.Select(pod => Pods([new PodPair(pod.Pod, pod.Pod)], changed, pod)),
        ];
        for (var i = 0; i < All.Count; i++)
        {
            All[i].Number = i;
        }
        FindTwins(pods, before, after);
        _classes = All.SelectMany(unit => unit.Families, (unit, family) => (unit, family)).ToDictionary(end => end,
            end => (Before.ClassesOf(end.unit.First.Before, end.family),
                After.ClassesOf(end.unit.First.After, end.family)));
    }

    public SideClasses Before { get; }

    public SideClasses After { get; }

    public IReadOnlyList<DiffUnit> All { get; }

    /// <summary>How many pods one side or both have in a namespace.</summary>
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

    /// <summary>Null: the pod has no address of the family on that side.</summary>
    private (PodClass?, PodClass?) Key(PodPair pod, AddressFamily family) => (
        pod.Before?.Address(family) is { } old ? Before.ClassOf(old) : null,
        pod.After?.Address(family) is { } now ? After.ClassOf(now) : null);

    private static Dictionary<string, PodEndpoint> WithNetworks(Cluster cluster) =>
        cluster.Pods.Where(pod => !pod.IsHostNetwork).ToDictionary(pod => pod.Name);

    private DiffUnit Pods(IReadOnlyList<PodPair> members, ChangedPods changed, UnloadedPod? unloaded)
    {
        var first = members[0];
        var families = AddressFamilies.All
            .Where(family => first.Before?.Address(family) is not null || first.After?.Address(family) is not null)
            .ToList();
        return new DiffUnit
        {
            Names = unloaded is null ? [.. members.Select(member => member.Any.Name)] : [unloaded.Selection.Text],
            First = first.Ends,
            Second = members.Count > 1 ? members[1].Ends : null,
            Families = families,
            Unloaded = unloaded,
            LeavingChanged = Concerns(Direction.Egress),
            EnteringChanged = Concerns(Direction.Ingress),
            LeavingCuts = families.ToDictionary(family => family, family => Number(first, family, Direction.Egress)),
            EnteringCuts = families.ToDictionary(family => family, family => Number(first, family, Direction.Ingress)),
        };

        // A peer counts where something about the other end has changed, not where a policy selects it too.
        bool Concerns(Direction direction) => unloaded is not { IsSubject: false }
            && members.Any(member => changed.Concerns(member.Before, member.After, direction));
    }

    private int Number(PodPair pod, AddressFamily family, Direction direction)
    {
        List<PortRange> ranges =
        [
            .. Before.Ports(pod.Before?.Address(family), direction)
                .Concat(After.Ports(pod.After?.Address(family), direction)).Distinct()
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

    private void FindTwins(List<PodPair> pods, Cluster before, Cluster after)
    {
        var unloaded = All.Where(unit => unit.Unloaded is not null).ToList();
        if (unloaded.Count == 0) return;
        var unitOf = All.Where(unit => unit.Unloaded is null)
            .SelectMany(unit => unit.Names, (unit, name) => (unit, name))
            .ToDictionary(pair => pair.name, pair => pair.unit);
        var byStandIn = unloaded.ToDictionary(unit => unit.Unloaded!);
        foreach (var unit in unloaded)
        {
            var selection = unit.Unloaded!.Selection;
            var loaded = pods
                .Where(pod => (pod.Before is { } old && selection.Matches(old, before))
                    || (pod.After is { } now && selection.Matches(now, after)))
                .Select(pod => unitOf[pod.Any.Name]).Distinct();
            unit.Twins = unit.Unloaded.Parent is { } parent ? [.. loaded, byStandIn[parent]] : [.. loaded];
        }
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

    private IEnumerable<DiffUnit> Outside(AddressFamily family, Cluster after)
    {
        var starts = new SortedSet<UInt128>([0, .. Before.OutsideCuts(family), .. After.OutsideCuts(family)]).ToArray();
        return starts
            .Select((start, i) =>
                new AddressRange(start, i + 1 < starts.Length ? starts[i + 1] - 1 : AddressRange.Highest(family)))
            .GroupBy(range => OutsideKey(AddressRange.ToAddress(range.First, family)))
            .Select(group => Outside([.. group], OutsideSample.Of(after, [.. group], family)));
    }

    private (OutsideClass Before, OutsideClass After) OutsideKey(IPAddress address) =>
        (Before.OutsideClassOf(address), After.OutsideClassOf(address));

    private static DiffUnit Outside(IReadOnlyList<AddressRange> ranges, ExternalEndpoint sample) => new()
    {
        Names = [],
        First = new EndpointPair(sample, sample),
        Families = [sample.Address.AddressFamily],
        Ranges = ranges,
        LeavingChanged = false,
        EnteringChanged = false,
    };
}

/// <summary>A pod on both sides.</summary>
/// <param name="Before">Null: it is new.</param>
/// <param name="After">Null: it is gone.</param>
internal readonly record struct PodPair(PodEndpoint? Before, PodEndpoint? After)
{
    public PodEndpoint Any => After ?? Before!;

    public EndpointPair Ends => new(Before, After);
}
