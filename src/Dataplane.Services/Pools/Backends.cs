using System.Runtime.InteropServices;
using Dataplane.Policy.Model;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Pools;

/// <summary>The backends that some pool has in a slot, each with one number for all pools.</summary>
internal sealed class Backends
{
    private readonly Dictionary<BackendAddress, (BackendNumber Number, int Slots)> _known = [];
    private readonly Numbering<BackendNumber> _numbers = new(0, value => new BackendNumber(value));

    /// <summary>Those that had no slot at some moment since the last commit, and whether they are new.</summary>
    private readonly Dictionary<BackendAddress, bool> _touched = [];

    public IEnumerable<BackendEntry> All =>
        _known.Select(known => Entry(known.Key, known.Value.Number));

    /// <summary>One slot more has it.</summary>
    public BackendNumber Take(BackendAddress address)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, address, out var exists);
        if (!exists)
        {
            known.Number = _numbers.Take();
            _touched.Add(address, true);
        }
        known.Slots++;
        return known.Number;
    }

    /// <summary>One slot less has it.</summary>
    public void GiveBack(BackendAddress address)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrNullRef(_known, address);
        if (--known.Slots == 0) _touched.TryAdd(address, false);
    }

    public void Commit(Changes changes)
    {
        foreach (var (address, isNew) in _touched)
        {
            var (number, slots) = _known[address];
            if (slots > 0 && isNew) changes.Added.Backends.Add(Entry(address, number));
            if (slots > 0) continue;
            if (!isNew) changes.Removed.Backends.Add(Entry(address, number));
            _known.Remove(address);
            _numbers.GiveBack(number);
        }
        _touched.Clear();
    }

    private static BackendEntry Entry(BackendAddress address, BackendNumber number) =>
        new(number, address.Address, address.Port);
}
