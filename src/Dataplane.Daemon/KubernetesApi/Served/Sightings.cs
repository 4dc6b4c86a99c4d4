namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>
/// From what each shown object was made, so that only those are made again whose sources have changed. For one thread.
/// </summary>
internal sealed class Sightings
{
    private sealed class Sighting
    {
        public object? From { get; set; }

        public long Round { get; set; }
    }

    private readonly Dictionary<(string Path, string Name), Sighting> _all = [];
    private long _round;

    public void BeginRound() => _round++;

    /// <summary>The object is there in this round.</summary>
    /// <param name="from">Compared by Equals.</param>
    /// <returns>Whether it is new, or made from something else than before.</returns>
    public bool IsNews(string path, string fullName, object from)
    {
        if (!_all.TryGetValue((path, fullName), out var sighting)) _all[(path, fullName)] = sighting = new Sighting();
        sighting.Round = _round;
        if (from.Equals(sighting.From)) return false;
        sighting.From = from;
        return true;
    }

    /// <summary>Whether the object is there in this round.</summary>
    public bool IsSeen(string path, string fullName) =>
        _all.TryGetValue((path, fullName), out var sighting) && sighting.Round == _round;

    /// <summary>Objects that were there before this round and are not now; they are forgotten.</summary>
    public List<(string Path, string Name)> EndRound()
    {
        List<(string, string)> gone = [.. _all.Where(s => s.Value.Round != _round).Select(s => s.Key)];
        foreach (var key in gone) _all.Remove(key);
        return gone;
    }
}
