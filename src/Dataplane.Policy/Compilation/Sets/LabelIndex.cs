namespace Dataplane.Policy.Compilation.Sets;

/// <summary>What may mean a pod, found by the pod's labels: by a label that it takes, or (the default key) whatever the labels.</summary>
internal sealed class LabelIndex<T>
    where T : class
{
    private readonly Dictionary<(string Key, string Value), HashSet<T>> _byLabel = [];

    /// <param name="labels">A pod needs at least one of them; null: none in particular. See <see cref="Selection.Needed"/>.</param>
    public void Add(T entry, IReadOnlyCollection<(string Key, string Value)>? labels)
    {
        foreach (var label in labels ?? [default])
        {
            if (!_byLabel.TryGetValue(label, out var entries)) _byLabel[label] = entries = new(ReferenceEqualityComparer.Instance);
            entries.Add(entry);
        }
    }

    /// <param name="labels">As it was added with.</param>
    public void Remove(T entry, IReadOnlyCollection<(string Key, string Value)>? labels)
    {
        foreach (var label in labels ?? [default])
            if (_byLabel.TryGetValue(label, out var entries) && entries.Remove(entry) && entries.Count == 0) _byLabel.Remove(label);
    }

    /// <summary>What needs labels with several keys may come more than once.</summary>
    public IEnumerable<T> For(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var entry in _byLabel.GetValueOrDefault(default) ?? []) yield return entry;
        foreach (var (key, value) in labels)
            foreach (var entry in _byLabel.GetValueOrDefault((key, value)) ?? []) yield return entry;
    }
}
