using System.Net;
using System.Runtime.InteropServices;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Pools;

/// <summary>
/// The backends of one port of a Service in one family, under one traffic policy. Counts who may be one, since objects
/// may list an address twice; a commit finds who comes and goes.
/// </summary>
internal sealed class Pool(PoolNumber number, PoolKey key)
{
    private const int Nowhere = -1;

    private readonly Dictionary<BackendAddress, Member> _members = [];
    private readonly HashSet<BackendAddress> _touched = [];
    private readonly Slots _slots = new(number);
    private HashSet<IPNetwork> _sources = [];
    private PoolEntry? _entry;
    private int _ready, _usable;
    private bool _takesLeaving;

    /// <summary>How often an address is a member in which state, and its place.</summary>
    private struct Member
    {
        public int Ready, Leaving, Slot;
    }

    public PoolNumber Number => number;

    public PoolKey Key => key;

    /// <summary>The place of its port in the Service as it is now.</summary>
    public int PortIndex { get; set; }

    public int? AffinitySeconds { get; set; }

    public PoolEntry Entry => _entry!.Value;

    public IEnumerable<SlotEntry> Slots => _slots.All;

    public IEnumerable<SourceEntry> Sources => _sources.Select(network => new SourceEntry(number, network));

    /// <param name="by">1 or -1.</param>
    public void Count(BackendAddress address, BackendState state, bool isLocal, int by)
    {
        if (state == BackendState.Waiting) return;
        _usable += by;
        if (key.IsLocal && !isLocal) return;
        ref var member = ref CollectionsMarshal.GetValueRefOrAddDefault(_members, address, out var exists);
        if (!exists) member.Slot = Nowhere;
        var was = member.Ready > 0;
        if (state == BackendState.Ready) member.Ready += by;
        else member.Leaving += by;
        _ready += (member.Ready > 0 ? 1 : 0) - (was ? 1 : 0);
        _touched.Add(address);
    }

    /// <summary>Forgets who is a member. Those who are counted again before the commit keep their places.</summary>
    public void Recount()
    {
        foreach (var address in _members.Keys)
        {
            ref var member = ref CollectionsMarshal.GetValueRefOrNullRef(_members, address);
            (member.Ready, member.Leaving) = (0, 0);
            _touched.Add(address);
        }
        (_ready, _usable) = (0, 0);
    }

    public void Commit(Backends backends, Changes changes)
    {
        var isTurned = _takesLeaving != (_ready == 0);
        _takesLeaving = _ready == 0;
        var (holes, arrivals) = (new List<int>(), new List<BackendAddress>());
        foreach (var address in isTurned ? (IEnumerable<BackendAddress>)[.. _members.Keys] : _touched)
        {
            ref var member = ref CollectionsMarshal.GetValueRefOrNullRef(_members, address);
            var isWanted = (_takesLeaving ? member.Leaving : member.Ready) > 0;
            if (isWanted && member.Slot == Nowhere) arrivals.Add(address);
            if (!isWanted && member.Slot != Nowhere)
            {
                holes.Add(member.Slot);
                member.Slot = Nowhere;
            }
            if (member is { Ready: 0, Leaving: 0 }) _members.Remove(address);
        }
        _touched.Clear();
        var keeps = AffinitySeconds is not null;
        if (holes.Count > 0 || arrivals.Count > 0 || keeps != _slots.Keeps)
            _slots.Change(holes, arrivals, keeps, backends, changes, Move);
        PoolEntry entry = new(number, key.Family, _slots.Count, AffinitySeconds, key.IsRestricted,
            DropsWhenEmpty: key.IsLocal && _slots.Count == 0 && _usable > 0);
        changes.Replace(entries => entries.Pools, _entry, entry);
        _entry = entry;
    }

    /// <summary>Replaces the networks that may reach it.</summary>
    public void Restrict(IEnumerable<IPNetwork> sources, Changes changes)
    {
        // A set of ranges takes none that lies in another.
        List<IPNetwork> all = [.. sources];
        var next = all.Where(s => !all.Exists(o => o.PrefixLength < s.PrefixLength && o.Contains(s.BaseAddress)))
            .ToHashSet();
        changes.Removed.Sources.AddRange(_sources.Except(next).Select(network => new SourceEntry(number, network)));
        changes.Added.Sources.AddRange(next.Except(_sources).Select(network => new SourceEntry(number, network)));
        _sources = next;
    }

    /// <summary>Leaves nothing of it.</summary>
    public void Close(Backends backends, Changes changes)
    {
        _slots.Change([.. Enumerable.Range(0, _slots.Count)], [], _slots.Keeps, backends, changes, Move);
        Restrict([], changes);
        changes.Replace(entries => entries.Pools, _entry, null);
    }

    private void Move(BackendAddress address, int slot) =>
        CollectionsMarshal.GetValueRefOrNullRef(_members, address).Slot = slot;
}
