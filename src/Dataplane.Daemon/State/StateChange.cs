using System.Collections.Immutable;
using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Daemon.State;

/// <summary>What a request makes of the state it meets. Whether the result holds together is the planner's business.</summary>
/// <param name="Differs">False: nothing is to be done. True although all are unchanged: something moved to another line.</param>
/// <param name="Touched">The objects that came, went, or are given anew; all others are the same.</param>
internal sealed record StateChange(
    ImmutableSortedDictionary<ObjectKey, HeldObject> Objects, IReadOnlyList<ChangedObject> Changes, IReadOnlyCollection<ObjectKey> Touched, bool Differs)
{
    private const string Created = "created", Configured = "configured", Unchanged = "unchanged", Deleted = "deleted";

    /// <summary>An empty state that says so is made whole by this change.</summary>
    public bool Complete { get; init; }

    /// <param name="prune">All other objects that were applied are deleted.</param>
    /// <exception cref="ApiProblem">An object is a file's of the manifest directory.</exception>
    public static StateChange Apply(DesiredState state, IReadOnlyList<ManifestDocument> documents, bool prune)
    {
        if (state.Lost is not null && !prune) throw Problems.StateLost(state.Lost);
        var (objects, changes, touched) = (state.Objects.ToBuilder(), new List<ChangedObject>(), new HashSet<ObjectKey>());
        foreach (var document in documents)
        {
            HeldDocument? fresh = null;
            foreach (var obj in document.Objects)
            {
                var key = ObjectKey.Of(obj);
                var old = state.Objects.GetValueOrDefault(key);
                if (old?.From.Watched is { } file) throw Problems.Watched(key, obj.Position, old.Object.Position, file);
                changes.Add(new ChangedObject(key.Kind, key.Name, old is null ? Created : old.From.HasText(document.Text) ? Unchanged : Configured));
                if (old is not null && old.From.Says(document)) continue;
                objects[key] = new HeldObject(obj, fresh ??= new HeldDocument(document, null));
                touched.Add(key);
            }
        }
        if (prune)
        {
            var given = documents.SelectMany(d => d.Objects).Select(ObjectKey.Of).ToHashSet();
            Remove(objects, [.. state.Objects.Where(o => o.Value.From.Watched is null && !given.Contains(o.Key)).Select(o => o.Key)], changes, touched);
        }
        return new StateChange(objects.ToImmutable(), changes, touched, state.Lost is not null || touched.Count > 0) { Complete = prune };
    }

    /// <summary>As in a cluster, what is in a namespace goes with it.</summary>
    /// <exception cref="ApiProblem">There is no such object, or it is a file's of the manifest directory.</exception>
    public static StateChange Delete(DesiredState state, IReadOnlyList<ObjectKey> keys, bool ignoreNotFound)
    {
        if (state.Lost is not null) throw Problems.StateLost(state.Lost);
        var doomed = new SortedSet<ObjectKey>();
        foreach (var key in keys)
        {
            if (state.Objects.ContainsKey(key)) doomed.Add(key);
            else if (!ignoreNotFound) throw Problems.NotFound(key);
            if (key.Kind == "Namespace" && doomed.Contains(key)) doomed.UnionWith(state.Objects.Where(o => o.Value.Object.Namespace == key.Name).Select(o => o.Key));
        }
        foreach (var key in doomed)
            if (state.Objects[key] is { From.Watched: { } file } held) throw Problems.WatchedDelete(key, held.Object.Position, file);
        var (objects, changes, touched) = (state.Objects.ToBuilder(), new List<ChangedObject>(), new HashSet<ObjectKey>());
        Remove(objects, doomed, changes, touched);
        return new StateChange(objects.ToImmutable(), changes, touched, doomed.Count > 0);
    }

    /// <summary>The content of one file of the manifest directory, in place of what it had before; none: the file is gone.</summary>
    /// <exception cref="ApiProblem">An object was applied, or is another file's.</exception>
    public static StateChange Watch(DesiredState state, string file, IReadOnlyList<ManifestDocument> documents)
    {
        if (state.Lost is not null) throw Problems.StateLost(state.Lost);
        var (objects, changes, touched) = (state.Objects.ToBuilder(), new List<ChangedObject>(), new HashSet<ObjectKey>());
        foreach (var document in documents)
        {
            HeldDocument? fresh = null;
            foreach (var obj in document.Objects)
            {
                var key = ObjectKey.Of(obj);
                var old = state.Objects.GetValueOrDefault(key);
                if (old is not null && old.From.Watched != file) throw Problems.Applied(key, obj.Position, old.Object.Position);
                if (old is not null && old.From.Says(document)) continue;
                changes.Add(new ChangedObject(key.Kind, key.Name, old is null ? Created : Configured));
                objects[key] = new HeldObject(obj, fresh ??= new HeldDocument(document, file));
                touched.Add(key);
            }
        }
        var given = documents.SelectMany(d => d.Objects).Select(ObjectKey.Of).ToHashSet();
        Remove(objects, [.. state.Objects.Where(o => o.Value.From.Watched == file && !given.Contains(o.Key)).Select(o => o.Key)], changes, touched);
        return new StateChange(objects.ToImmutable(), changes, touched, touched.Count > 0);
    }

    private static void Remove(
        ImmutableSortedDictionary<ObjectKey, HeldObject>.Builder objects, IReadOnlyCollection<ObjectKey> keys, List<ChangedObject> changes, HashSet<ObjectKey> touched)
    {
        changes.AddRange(keys.Select(k => new ChangedObject(k.Kind, k.Name, Deleted)));
        touched.UnionWith(keys);
        objects.RemoveRange(keys);
    }
}
