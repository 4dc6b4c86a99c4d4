using Dataplane.Policy.Compilation.Classes;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>
/// The sets of pods of one role. A selection is a set while it is in use. The sets are indexed by namespace and label,
/// so that a pod is compared with few of them.
/// </summary>
internal sealed class PodSets(PodIndex pods, Levels levels)
{
    private sealed class Entry(SetId id, Selection selection, UsedSet? hull) : UsedSet(id, selection.Key, hull)
    {
        public Selection Selection => selection;
    }

    private readonly UsedSets<Entry> _used = new(levels);

    /// <summary>By namespace, the sets that may contain its pods.</summary>
    private readonly Dictionary<string, LabelIndex<Entry>> _byNamespace = [];
    private readonly Dictionary<string, HashSet<Entry>> _named = [];
    private readonly HashSet<Entry> _selecting = [], _anywhere = [];

    public Levels Levels => levels;

    /// <param name="hull">Whether the set may be written as its hull less exceptions.</param>
    public SetId Use(Selection selection, bool hull = false) => _used.Use(Find(selection, hull));

    /// <summary>Ends one use. The next <see cref="Sweep"/> removes the set, unless it is used again before.</summary>
    public void Release(SetId set) => _used.Release(set);

    public void Sweep()
    {
        foreach (var entry in _used.Sweep()) Forget(entry);
    }

    /// <summary>Indexes the sets of a namespace that is new or has got other labels.</summary>
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
            if (entry.Selection.Means(what, ns, pods.NodeLabels)) tags.Add(Tag.Of(entry.Id, TagKind.Member));
        }
    }

    private Entry Find(Selection selection, bool hull)
    {
        if (_used.Find(selection.Key) is { } known) return known;
        var outer = hull && selection.Hull() is { } wider ? Find(wider, false) : null;
        var entry = _used.Add(new Entry(levels.NewSet(outer?.Id, Items(selection)), selection, outer));
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
