using Dataplane.Policy.Model;

namespace Dataplane.Services.Pools;

/// <summary>
/// A line of numbers that goes on with those of an earlier compiler: what had one is given it back, once, and all new
/// ones are above them.
/// </summary>
internal sealed class EarlierNumbers<TKey, T>
    where TKey : notnull
    where T : struct
{
    private readonly Numbering<T> _numbers;
    private readonly HashSet<T> _free;
    private IReadOnlyDictionary<TKey, T> _earlier;

    /// <param name="value">A number of its kind as a plain one.</param>
    /// <param name="make">The other way.</param>
    public EarlierNumbers(IEnumerable<T> all, Func<T, uint> value, Func<uint, T> make)
    {
        (_free, _earlier) = ([.. all], new Dictionary<TKey, T>());
        _numbers = new Numbering<T>(_free.Select(value).DefaultIfEmpty().Max(), make);
    }

    public void Expect(IReadOnlyDictionary<TKey, T> earlier) => _earlier = earlier;

    /// <summary>The earlier number, or a new one. A number that two had is the first one's.</summary>
    public T Take(TKey key) =>
        _earlier.TryGetValue(key, out var number) && _free.Remove(number) ? number : _numbers.Take();

    public void GiveBack(T number) => _numbers.GiveBack(number);

    /// <summary>What has not come back by now is something else when it comes.</summary>
    public void Forget()
    {
        _free.Clear();
        _earlier = new Dictionary<TKey, T>();
    }
}
