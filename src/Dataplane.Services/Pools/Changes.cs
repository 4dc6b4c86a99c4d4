namespace Dataplane.Services.Pools;

/// <summary>What an update removes and adds, as it is collected.</summary>
internal sealed class Changes
{
    public Entries Removed { get; } = new();
    public Entries Added { get; } = new();

    /// <summary>Collects an entry that was replaced, came or went; nothing where it stays as it is.</summary>
    public void Replace<T>(Func<Entries, List<T>> list, T? before, T? after)
        where T : struct
    {
        if (EqualityComparer<T?>.Default.Equals(before, after)) return;
        if (before is { } gone) list(Removed).Add(gone);
        if (after is { } come) list(Added).Add(come);
    }
}
