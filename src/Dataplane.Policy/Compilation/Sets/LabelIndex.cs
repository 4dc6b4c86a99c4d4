namespace Dataplane.Policy.Compilation.Sets;

/// <summary>
/// Finds the entries that may select a pod by its labels. An entry is stored under the labels of which it requires one,
/// or under the default key if there are none.
/// </summary>
public sealed class LabelIndex<T>
    where T : class
{
    private readonly Dictionary<(string Key, string Value), HashSet<T>> _byLabel = [];

    /// <param name="labels">
    /// Labels of which a pod must have at least one; null: none are required..
    /// </param>
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

    /// <summary>
    /// The entries that may select a pod with these labels. An entry added with several labels may come more than once.
    /// </summary>
    public IEnumerable<T> For(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var entry in _byLabel.GetValueOrDefault(default) ?? []) yield return entry;
        foreach (var (key, value) in labels)
            foreach (var entry in _byLabel.GetValueOrDefault((key, value)) ?? []) yield return entry;
    }
}
