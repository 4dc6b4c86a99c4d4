using System.Net;
using System.Runtime.InteropServices;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Pools;

/// <summary>The backends that some pool has in a slot, each with one number for all pools.</summary>
internal sealed class Backends
{
    private readonly Dictionary<BackendAddress, (BackendNumber Number, int Slots)> _known = [];
    private readonly EarlierNumbers<IPEndPoint, BackendNumber> _numbers;

    /// <summary>Those that had no slot at some moment since the last commit, and whether they are new.</summary>
    private readonly Dictionary<BackendAddress, bool> _touched = [];

    public Backends(IReadOnlyDictionary<IPEndPoint, BackendNumber> earlier)
    {
        _numbers = new(earlier.Values, number => number.Value, value => new BackendNumber(value));
        _numbers.Expect(earlier);
    }

    public IEnumerable<BackendEntry> All =>
        _known.Select(known => Entry(known.Key, known.Value.Number));

    /// <summary>One slot more has it.</summary>
    public BackendNumber Take(BackendAddress address)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_known, address, out var exists);
        if (!exists)
        {
            known.Number = _numbers.Take(new IPEndPoint(address.Address, address.Port));
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

    /// <summary>See <see cref="EarlierNumbers{TKey,T}.Forget"/>.</summary>
    public void ForgetEarlier() => _numbers.Forget();

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
