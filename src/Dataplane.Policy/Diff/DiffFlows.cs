using System.Net.Sockets;
using Dataplane.Policy.Compilation;

namespace Dataplane.Policy;

/// <summary>Asks both sides about every pair of units that may have changed.</summary>
internal sealed class DiffFlows(DiffUnits units)
{
    private readonly FlowGroups _opened = new(units.PodsOf, units.Blocks), _closed = new(units.PodsOf, units.Blocks);

    public (IReadOnlyList<FlowChange> Opened, IReadOnlyList<FlowChange> Closed) Compute()
    {
        var entering = units.All.Where(unit => unit.EnteringChanged).ToList();
        foreach (var from in units.All)
        {
            // The node reaches its pods whatever the policies say.
            if (from.First.After is NodeEndpoint)
            {
                continue;
            }
            foreach (var to in from.LeavingChanged ? units.All : entering)
            {
                if (!(from.IsOutside && (to.IsOutside || to.First.After is NodeEndpoint)) && (from != to || from.Second is not null))
                {
                    Compare(from, to);
                }
            }
        }
        return (_opened.ToChanges(), _closed.ToChanges());
    }

    private void Compare(DiffUnit from, DiffUnit to)
    {
        var changes = from.Families.Intersect(to.Families)
            .Select(family => Compare(from, to, family)).Where(change => change is not null).Select(change => change!.Value).ToList();
        if (changes.Count == 2 && changes[0].Ports == changes[1].Ports)
        {
            changes = [changes[0] with { Family = null }];
        }
        foreach (var change in changes)
        {
            IReadOnlyList<AddressFamily> families = change.Family is { } only ? [only] : AddressFamilies.All;
            _opened.Add(from, to, change.Opened, families);
            _closed.Add(from, to, change.Closed, families);
        }
    }

    private Change? Compare(DiffUnit from, DiffUnit to, AddressFamily family)
    {
        var destination = from == to ? to.Second!.Value : to.First;
        var pieces = units.Pieces(from, to, family);
        List<int>? opened = null, closed = null;
        for (var piece = 0; piece < pieces.Count; piece++)
        {
            var probe = pieces.Sample(piece);
            var was = units.Before.Evaluator.IsAllowed(new Flow(from.First.Before, destination.Before, probe, family));
            var now = units.After.Evaluator.IsAllowed(new Flow(from.First.After, destination.After, probe, family));
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
        return new Change(family, open, close, $"{PortRangeText.Of(open)};{PortRangeText.Of(close)}");
    }

    private readonly record struct Change(AddressFamily? Family, IReadOnlyList<PortRange> Opened, IReadOnlyList<PortRange> Closed, string Ports);
}
