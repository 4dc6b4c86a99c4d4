using Dataplane.Policy.Compilation.Classes;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>
/// The sets of pods of one role, from selections to items and back: a selection is a set while it is in use, and each
/// namespace knows the sets that may mean its pods, so that a pod is compared with few sets.
/// </summary>
internal sealed class PodSets(PodIndex pods, Levels levels)
{
    private sealed class Entry(int number, Selection selection, UsedSet? hull) : UsedSet(number, selection.Key, hull)
    {
        public Selection Selection => selection;
    }

    private readonly UsedSets<Entry> _used = new(levels);

    /// <summary>The sets that may mean a namespace's pods.</summary>
    private readonly Dictionary<string, LabelIndex<Entry>> _byNamespace = [];
    private readonly Dictionary<string, HashSet<Entry>> _named = [];
    private readonly HashSet<Entry> _selecting = [], _anywhere = [];

    public Levels Levels => levels;

    /// <param name="hull">Such sets may be written as their hull, less what they leave out.</param>
    public int Use(Selection selection, bool hull = false) => _used.Use(Find(selection, hull));

    /// <summary>Removed by the next <see cref="Sweep"/>, unless it is used again before.</summary>
    public void Release(int set) => _used.Release(set);

    public void Sweep()
    {
        foreach (var entry in _used.Sweep()) Forget(entry);
    }

    /// <summary>The namespace is new, or has other labels.</summary>
    public void Relabel(PodIndex.NamespaceEntry ns)
    {
        var sets = _byNamespace[ns.Name] = new LabelIndex<Entry>();
        var named = _named.GetValueOrDefault(ns.Name) ?? [];
        foreach (var entry in named.Concat(_selecting.Where(e => e.Selection.Concerns(ns))))
            sets.Add(entry, entry.Selection.Labels);
    }

    /// <summary>Adds an item, or updates it after its pod was replaced.</summary>
    public void Put(int item, bool isIsolated)
    {
        var (what, tags) = (pods[item], new List<int>());
        var ns = what.Pod is { } pod ? pods.Namespace(pod.Pod.Namespace) : null;
        if (ns is not null)
        {
            if (!_byNamespace.ContainsKey(ns.Name)) Relabel(ns);
            foreach (var entry in _byNamespace[ns.Name].For(what.Pod!.Pod.Labels)) Ask(entry);
        }
        foreach (var entry in _anywhere) Ask(entry);
        tags.Sort();
        levels.Put(item, new Standing(what.Family, isIsolated),
            [.. tags.Where((tag, i) => i == 0 || tag != tags[i - 1])]);

        void Ask(Entry entry)
        {
            if (entry.Selection.Means(what, ns, pods.NodeLabels)) tags.Add(Tag.Of(entry.Number, TagKind.Member));
        }
    }

    private Entry Find(Selection selection, bool hull)
    {
        if (_used.Find(selection.Key) is { } known) return known;
        var outer = hull && selection.Hull() is { } wider ? Find(wider, false) : null;
        var entry = _used.Add(new Entry(levels.NewSet(outer?.Number, Items(selection)), selection, outer));
        if (selection.IsAnywhere) _anywhere.Add(entry);
        if (selection.Namespaces is null) _selecting.Add(entry);
        foreach (var name in selection.Namespaces ?? [])
        {
            if (!_named.TryGetValue(name, out var sets)) _named[name] = sets = [];
            sets.Add(entry);
        }
        foreach (var ns in selection.Namespaces?.Select(pods.Namespace).OfType<PodIndex.NamespaceEntry>()
            ?? pods.Namespaces)
        {
            if (selection.Concerns(ns) && _byNamespace.TryGetValue(ns.Name, out var sets))
                sets.Add(entry, selection.Labels);
        }
        return entry;
    }

    private IEnumerable<int> Items(Selection selection)
    {
        var namespaces = selection is { IsAnywhere: false, Namespaces: { } named }
            ? named.Select(pods.Namespace).OfType<PodIndex.NamespaceEntry>() : pods.Namespaces;
        foreach (var ns in namespaces)
        {
            if (selection.IsAnywhere || selection.Concerns(ns))
            {
                foreach (var item in ns.Items)
                    if (levels.Contains(item) && selection.Means(pods[item], ns, pods.NodeLabels)) yield return item;
            }
        }
        if (!selection.IsAnywhere) yield break;
        foreach (var item in pods.Node)
            if (levels.Contains(item) && selection.Means(pods[item], null, pods.NodeLabels)) yield return item;
    }

    private void Forget(Entry entry)
    {
        _anywhere.Remove(entry);
        _selecting.Remove(entry);
        foreach (var name in entry.Selection.Namespaces ?? _byNamespace.Keys as IReadOnlyCollection<string>)
            _byNamespace.GetValueOrDefault(name)?.Remove(entry, entry.Selection.Labels);
        foreach (var name in entry.Selection.Namespaces ?? []) _named[name].Remove(entry);
    }
}
