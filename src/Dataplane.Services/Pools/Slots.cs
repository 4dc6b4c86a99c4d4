using Dataplane.Services.Tables;

namespace Dataplane.Services.Pools;

/// <summary>
/// The places of a pool. A backend that goes is replaced by one that comes, else by the last one: so what changes is a
/// place or two, and the others stay.
/// </summary>
internal sealed class Slots(PoolNumber pool)
{
    private readonly List<(BackendAddress Address, BackendNumber Number)> _items = [];

    public int Count => _items.Count;

    /// <summary>Whether clients keep their backends.</summary>
    public bool Keeps { get; private set; }

    public IEnumerable<SlotEntry> All =>
        _items.Select((item, index) => new SlotEntry(pool, index, item.Number, Keeps));

    /// <param name="holes">The places of those that go.</param>
    /// <param name="arrivals">Those that come.</param>
    /// <param name="keeps">Whether clients keep their backends from now on.</param>
    /// <param name="moved">Told of each backend that is in another place.</param>
    public void Change(List<int> holes, List<BackendAddress> arrivals, bool keeps, Backends backends, Changes changes,
        Action<BackendAddress, int> moved)
    {
        var (before, kept) = (new Dictionary<int, BackendNumber?>(), Keeps);
        Keeps = keeps;
        // An entry says whether clients are kept, so that all of them are others.
        if (kept != keeps)
            foreach (var (index, item) in _items.Index()) before.Add(index, item.Number);
        foreach (var hole in holes) backends.GiveBack(_items[hole].Address);
        holes.Sort();
        var filled = Math.Min(holes.Count, arrivals.Count);
        for (var i = 0; i < filled; i++) Put(holes[i], (arrivals[i], backends.Take(arrivals[i])));
        for (var i = filled; i < arrivals.Count; i++)
        {
            _items.Add(default);
            Put(_items.Count - 1, (arrivals[i], backends.Take(arrivals[i])), isNew: true);
        }
        for (var i = holes.Count - 1; i >= filled; i--)
        {
            var last = _items.Count - 1;
            if (holes[i] < last) Put(holes[i], _items[last]);
            before.TryAdd(last, _items[last].Number);
            _items.RemoveAt(last);
        }
        foreach (var (index, old) in before)
        {
            changes.Replace(entries => entries.Slots,
                old is { } number ? new SlotEntry(pool, index, number, kept) : null,
                index < _items.Count ? new SlotEntry(pool, index, _items[index].Number, keeps) : null);
        }

        void Put(int index, (BackendAddress Address, BackendNumber Number) item, bool isNew = false)
        {
            before.TryAdd(index, isNew ? null : _items[index].Number);
            _items[index] = item;
            moved(item.Address, index);
        }
    }
}
