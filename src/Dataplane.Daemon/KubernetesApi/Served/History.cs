namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>The last changes, for watches. Safe for concurrent use.</summary>
/// <param name="capacity">The number of changes that are kept.</param>
internal sealed class History(int capacity)
{
    private readonly Lock _lock = new();
    private readonly ServedChange[] _ring = new ServedChange[capacity];
    private TaskCompletionSource _more = New();

    /// <summary>Number of changes so far; the last ones are kept.</summary>
    private long _count;

    /// <summary>The version behind which everything is kept.</summary>
    private long _complete;

    public void Begin(long version) => _complete = version;

    public void Add(IReadOnlyList<ServedChange> changes)
    {
        if (changes.Count == 0) return;
        TaskCompletionSource told;
        lock (_lock)
        {
            foreach (var change in changes)
            {
                var place = (int)(_count++ % capacity);
                if (_ring[place] is { } lost) _complete = lost.Version;
                _ring[place] = change;
            }
            (told, _more) = (_more, New());
        }
        told.SetResult();
    }

    /// <summary>The position behind a version.</summary>
    /// <returns>Null: changes behind it are not kept any more.</returns>
    public long? After(long version)
    {
        lock (_lock)
        {
            if (version < _complete) return null;
            var (low, high) = (Math.Max(0, _count - capacity), _count);
            while (low < high)
            {
                var middle = low + (high - low) / 2;
                if (_ring[middle % capacity].Version <= version) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }

    /// <summary>Changes from a position on.</summary>
    /// <param name="position">It is moved behind them.</param>
    /// <param name="more">Ends when there are others.</param>
    /// <returns>False: changes have been lost in between.</returns>
    public bool Read(ref long position, List<ServedChange> into, out Task more)
    {
        lock (_lock)
        {
            more = _more.Task;
            if (position < _count - capacity) return false;
            for (; position < _count; position++) into.Add(_ring[position % capacity]);
            return true;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
