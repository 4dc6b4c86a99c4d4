using System.Net.Sockets;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>Evaluates every pair of units that may have changed on both sides.</summary>
internal sealed class DiffFlows(DiffUnits units)
{
    private readonly FlowGroups _opened = new(units), _closed = new(units);
    private readonly FlowGroups _exposed = new(units), _hidden = new(units);

    private readonly Dictionary<(int, int, int, int), Change?> _known = [];
    private readonly Dictionary<(string Opened, string Closed), Change> _changes = [];

    /// <summary>The flows of loaded pods, and those of pods that are not loaded.</summary>
    public (FlowChanges Loaded, FlowChanges Unloaded) Compute()
    {
        var entering = units.All.Where(unit => unit.EnteringChanged).ToList();
        foreach (var from in units.All)
        {
            // The node reaches its pods whatever the policies say.
            if (from.First.Any is NodeEndpoint)
            {
                continue;
            }
            foreach (var to in from.LeavingChanged ? units.All : entering)
            {
                if (!(from.IsOutside && (to.IsOutside || to.First.Any is NodeEndpoint))
                    && (from != to || from.Second is not null))
                {
                    Compare(from, to);
                }
            }
        }
        return (new FlowChanges(_opened.ToChanges(), _closed.ToChanges()),
            new FlowChanges(_exposed.ToChanges(), _hidden.ToChanges()));
    }

    private void Compare(DiffUnit from, DiffUnit to)
    {
        Change? first = null;
        AddressFamily firstFamily = default;
        foreach (var family in from.Families)
        {
            if (!to.Families.Contains(family) || Compare(from, to, family) is not { } change
                || IsKnown(from, to, family, change))
            {
                continue;
            }
            if (first is null)
            {
                (first, firstFamily) = (change, family);
            }
            else if (first == change)
            {
                Add(from, to, change, AddressFamilies.All);
                return;
            }
            else
            {
                Add(from, to, change, [family]);
            }
        }
        if (first is not null)
        {
            Add(from, to, first, [firstFamily]);
        }
    }

    private void Add(DiffUnit from, DiffUnit to, Change change, IReadOnlyList<AddressFamily> families)
    {
        var (opened, closed) =
            from.Unloaded is null && to.Unloaded is null ? (_opened, _closed) : (_exposed, _hidden);
        opened.Add(from, to, change.Opened, change.OpenedText, families);
        closed.Add(from, to, change.Closed, change.ClosedText, families);
    }

    /// <summary>
    /// Whether the same change is listed for something else that the selection of pods that are not loaded stands for.
    /// </summary>
    private bool IsKnown(DiffUnit from, DiffUnit to, AddressFamily family, Change change)
    {
        return from.Twins.Any(twin => IsSame(twin, to)) || to.Twins.Any(twin => IsSame(from, twin));

        bool IsSame(DiffUnit source, DiffUnit destination) => (source != destination || source.Second is not null)
            && source.Families.Contains(family) && destination.Families.Contains(family)
            && Compare(source, destination, family) == change;
    }

    /// <summary>Null for no change. Equal changes are one object.</summary>
    private Change? Compare(DiffUnit from, DiffUnit to, AddressFamily family)
    {
        var keys = units.Keys(from, to, family);
        if (!_known.TryGetValue(keys, out var change))
        {
            _known[keys] = change = Ask(from, to, family);
        }
        return change;
    }

    private Change? Ask(DiffUnit from, DiffUnit to, AddressFamily family)
    {
        var destination = from == to ? to.Second!.Value : to.First;
        var pieces = units.Pieces(from, to, family);
        List<int>? opened = null, closed = null;
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            var probe = pieces.Sample(piece);
            var was = units.Before.Allows(from.First.Before, destination.Before, probe, family);
            var now = units.After.Allows(from.First.After, destination.After, probe, family);
            if (was != now)
            {
                (now ? opened ??= [] : closed ??= []).Add(piece);
            }
        }
        if (opened is null && closed is null)
        {
            return null;
        }
        var (open, close) = (pieces.Join(opened ?? []), pieces.Join(closed ?? []));
        var change = new Change(open, close, PortRangeText.Of(open), PortRangeText.Of(close));
        return _changes.TryGetValue((change.OpenedText, change.ClosedText), out var same)
            ? same : _changes[(change.OpenedText, change.ClosedText)] = change;
    }

    private sealed record Change(IReadOnlyList<PortRange> Opened, IReadOnlyList<PortRange> Closed, string OpenedText,
        string ClosedText);
}
