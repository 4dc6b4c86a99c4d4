namespace Dataplane.Policy.Compilation.Sets;

/// <summary>
/// Finds by the labels of a pod what may select it: by a label that it requires, or (the default key) for any labels.
/// </summary>
internal sealed class LabelIndex<T>
    where T : class
{
    private readonly Dictionary<(string Key, string Value), HashSet<T>> _byLabel = [];

    /// <param name="labels">A pod needs at least one of them; null: none in particular. See
    /// <see cref="Selection.Needed"/>.</param>
    public void Add(T entry, IReadOnlyCollection<(string Key, string Value)>? labels)
    {
        foreach (var label in labels ?? [default])
        {
            if (!_byLabel.TryGetValue(label, out var entries))
                _byLabel[label] = entries = new(ReferenceEqualityComparer.Instance);
            entries.Add(entry);
        }
    }

    /// <param name="labels">The labels with which it was added.</param>
    public void Remove(T entry, IReadOnlyCollection<(string Key, string Value)>? labels)
    {
        foreach (var label in labels ?? [default])
        {
            if (_byLabel.TryGetValue(label, out var entries) && entries.Remove(entry) && entries.Count == 0)
                _byLabel.Remove(label);
        }
    }

    /// <summary>An entry that was added with several labels may be returned more than once.</summary>
    public IEnumerable<T> For(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var entry in _byLabel.GetValueOrDefault(default) ?? []) yield return entry;
        foreach (var (key, value) in labels)
            foreach (var entry in _byLabel.GetValueOrDefault((key, value)) ?? []) yield return entry;
    }
}
