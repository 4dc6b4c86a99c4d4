namespace Dataplane.Policy.Compilation;

/// <summary>
/// The sets of pods of one role, from selections to items and back: a selection is a set as long as somebody uses it, and each
/// namespace knows the sets that may mean its pods, so that a pod is asked about by few.
/// </summary>
internal sealed class PodSets(PodIndex pods, Levels levels)
{
    private sealed class Entry(int set, Selection selection)
    {
        public int Set => set;
        public Selection Selection => selection;
        public int Users { get; set; }
    }

    private readonly Dictionary<string, Entry> _byKey = [];
    private readonly Dictionary<int, Entry> _bySet = [];
    private readonly Dictionary<string, HashSet<Entry>> _byNamespace = [];
    private readonly Dictionary<string, HashSet<Entry>> _named = [];
    private readonly HashSet<Entry> _selecting = [], _anywhere = [], _unused = [];

    public Levels Levels => levels;

    public int Use(Selection selection)
    {
        if (!_byKey.TryGetValue(selection.Key, out var entry)) entry = Create(selection);
        entry.Users++;
        return entry.Set;
    }

    /// <summary>Gone at the next <see cref="Sweep"/>, unless somebody uses it again.</summary>
    public void Release(int set)
    {
        var entry = _bySet[set];
        if (--entry.Users == 0) _unused.Add(entry);
    }

    public void Sweep()
    {
        foreach (var entry in _unused)
        {
            if (entry.Users > 0) continue;
            _byKey.Remove(entry.Selection.Key);
            _bySet.Remove(entry.Set);
            _anywhere.Remove(entry);
            _selecting.Remove(entry);
            foreach (var name in entry.Selection.Namespaces ?? _byNamespace.Keys as IReadOnlyCollection<string>) _byNamespace.GetValueOrDefault(name)?.Remove(entry);
            foreach (var name in entry.Selection.Namespaces ?? []) _named[name].Remove(entry);
            levels.Drop(entry.Set);
        }
        _unused.Clear();
    }

    /// <summary>The namespace is new, or has other labels.</summary>
    public void Relabel(PodIndex.NamespaceEntry ns) =>
        _byNamespace[ns.Name] = [.. _named.GetValueOrDefault(ns.Name) ?? [], .. _selecting.Where(e => e.Selection.Concerns(ns))];

    /// <summary>The item is new, or described anew.</summary>
    public void Put(int item, bool isIsolated)
    {
        var (what, tags) = (pods[item], new List<int>());
        var ns = what.Pod is { } pod ? pods.Namespace(pod.Pod.Namespace) : null;
        if (ns is not null)
        {
            if (!_byNamespace.ContainsKey(ns.Name)) Relabel(ns);
            foreach (var entry in _byNamespace[ns.Name]) Ask(entry);
        }
        foreach (var entry in _anywhere)
            if (ns is null || !_byNamespace[ns.Name].Contains(entry)) Ask(entry);
        tags.Sort();
        levels.Put(item, new Standing(what.Family, isIsolated), [.. tags]);

        void Ask(Entry entry)
        {
            if (entry.Selection.Of(what, ns, pods.NodeLabels) is { } kind) tags.Add(Tag.Of(entry.Set, kind));
        }
    }

    private Entry Create(Selection selection)
    {
        var entry = new Entry(levels.NewSet(), selection);
        _byKey[selection.Key] = entry;
        _bySet[entry.Set] = entry;
        if (selection.IsAnywhere) _anywhere.Add(entry);
        if (selection.Namespaces is null) _selecting.Add(entry);
        foreach (var name in selection.Namespaces ?? [])
        {
            if (!_named.TryGetValue(name, out var sets)) _named[name] = sets = [];
            sets.Add(entry);
        }
        foreach (var ns in selection.Namespaces?.Select(pods.Namespace).OfType<PodIndex.NamespaceEntry>() ?? pods.Namespaces)
            if (selection.Concerns(ns) && _byNamespace.TryGetValue(ns.Name, out var sets)) sets.Add(entry);

        var items = new List<(int, TagKind)>();
        foreach (var ns in selection is { IsAnywhere: false, Namespaces: { } named } ? named.Select(pods.Namespace).OfType<PodIndex.NamespaceEntry>() : pods.Namespaces)
            if (selection.IsAnywhere || selection.Concerns(ns)) Collect(ns.Items, ns);
        if (selection.IsAnywhere) Collect(pods.Node, null);
        levels.Fill(entry.Set, items);
        return entry;

        void Collect(IEnumerable<int> candidates, PodIndex.NamespaceEntry? ns)
        {
            foreach (var item in candidates)
                if (levels.Contains(item) && selection.Of(pods[item], ns, pods.NodeLabels) is { } kind) items.Add((item, kind));
        }
    }
}
