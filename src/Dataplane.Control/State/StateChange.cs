using System.Collections.Immutable;
using Dataplane.Control.Refusals;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;

namespace Dataplane.Control.State;

/// <summary>
/// What a request makes of a state. Whether the resulting objects go together is checked later, when they are planned.
/// </summary>
/// <param name="Objects">All objects after the change.</param>
/// <param name="Changes">What happens to each object that the request names or deletes.</param>
/// <param name="Touched">
/// The objects that are new, gone, or given anew; all others are the same references as before.
/// </param>
/// <param name="Differs">
/// False: nothing to do. It may be true although every object is unchanged, because an object may have moved to another
/// line of its file.
/// </param>
public sealed record StateChange(
    ImmutableSortedDictionary<ObjectKey, HeldObject> Objects, IReadOnlyList<ObjectChange> Changes,
    IReadOnlyCollection<ObjectKey> Touched, bool Differs)
{
    /// <summary>The objects are the complete state: it ends <see cref="DesiredState.Lost"/>.</summary>
    public bool IsComplete { get; private init; }

    /// <summary>All attachments after the change; null: as before.</summary>
    public ImmutableSortedDictionary<string, HeldAttachment>? Attachments { get; init; }

    /// <summary>See <see cref="DesiredState.Stored"/>; null: as before.</summary>
    public ImmutableSortedDictionary<ObjectKey, StoredObject>? Stored { get; init; }

    /// <summary>See <see cref="DesiredState.Gone"/>; null: as before.</summary>
    public ImmutableHashSet<string>? Gone { get; init; }

    /// <summary>See <see cref="DesiredState.Restarts"/>: pods of which it grows end, and come again. Null: none
    /// does.</summary>
    public ImmutableDictionary<string, int>? Restarts { get; init; }

    /// <summary>How long programs of pods that go may take to end, seconds; null: as their manifests say.</summary>
    public int? GraceSeconds { get; init; }

    /// <summary>
    /// Nothing but that pods come for which there is room now, see <see cref="ProgramState.Waiting"/>.
    /// </summary>
    public static StateChange Admit(DesiredState state) => new(state.Objects, [], [], Differs: true);

    /// <summary>Manifests of a request.</summary>
    /// <param name="prune">All other objects that were applied are deleted.</param>
    /// <exception cref="RefusalException">The state was lost, or an object belongs to the manifest
    /// directory.</exception>
    public static StateChange Apply(DesiredState state, IReadOnlyList<ManifestDocument> documents, bool prune)
    {
        if (state.Lost is not null && !prune) throw RefusalException.StateLost(state.Lost);
        return Merge(state, documents, null, prune);
    }

    /// <summary>
    /// The content of one file of the manifest directory, in place of what it had before; empty: the file is gone.
    /// </summary>
    /// <exception cref="RefusalException">The state was lost, or an object was applied or belongs to another
    /// file.</exception>
    public static StateChange Watch(DesiredState state, string file, IReadOnlyList<ManifestDocument> documents)
    {
        if (state.Lost is not null) throw RefusalException.StateLost(state.Lost);
        return Merge(state, documents, file, complete: true);
    }

    /// <summary>Deletes objects; with a Namespace everything in it, as in a cluster.</summary>
    /// <exception cref="RefusalException">
    /// The state was lost, there is no such object, or it belongs to the manifest directory.
    /// </exception>
    public static StateChange Delete(DesiredState state, IReadOnlyList<ObjectKey> keys, bool ignoreNotFound)
    {
        if (state.Lost is not null) throw RefusalException.StateLost(state.Lost);
        var deleted = new SortedSet<ObjectKey>();
        foreach (var key in keys)
        {
            if (state.Objects.ContainsKey(key)) deleted.Add(key);
            else if (!ignoreNotFound) throw NotThere(key);
            if (key.Kind == "Namespace" && deleted.Contains(key))
                deleted.UnionWith(state.Objects.Where(o => o.Value.Object.Namespace == key.Name).Select(o => o.Key));
        }
        foreach (var key in deleted)
        {
            if (state.Objects[key] is { From.Watched: { } file } held)
                throw RefusalException.WatchedDelete($"{key}", held.Object.Position, file);
        }
        var objects = state.Objects.ToBuilder();
        var (changes, touched) = (new List<ObjectChange>(), new HashSet<ObjectKey>());
        Remove(objects, deleted, changes, touched);
        return new StateChange(objects.ToImmutable(), changes, touched, deleted.Count > 0);
    }

    private static RefusalException NotThere(ObjectKey key) => BuiltInObjects.Has(key.Kind, key.Name)
        ? RefusalException.BuiltIn($"{key}") : RefusalException.NotFound($"{key}");

    /// <param name="source">The file of the manifest directory; null: the documents were applied.</param>
    /// <param name="complete">All other objects of this source are deleted.</param>
    private static StateChange Merge(
        DesiredState state, IReadOnlyList<ManifestDocument> documents, string? source, bool complete)
    {
        var objects = state.Objects.ToBuilder();
        var (changes, touched) = (new List<ObjectChange>(), new HashSet<ObjectKey>());
        foreach (var document in documents)
        {
            HeldDocument? fresh = null;
            foreach (var obj in document.Objects)
            {
                var key = ObjectKey.Of(obj);
                var old = state.Objects.GetValueOrDefault(key);
                if (old is not null) RequireSameSource(key, obj, old, source);
                changes.Add(new ObjectChange(key, old is null ? ChangeKind.Created
                    : old.From.HasText(document.Text) ? ChangeKind.Unchanged : ChangeKind.Configured));
                if (old is not null && old.From.Says(document)) continue;
                objects[key] = new HeldObject(
                    obj, fresh ??= new HeldDocument(document, source), RecordOf(old, document));
                touched.Add(key);
            }
        }
        if (complete)
        {
            var given = documents.SelectMany(d => d.Objects).Select(ObjectKey.Of).ToHashSet();
            var gone = state.Objects.Where(o => o.Value.From.Watched == source && !given.Contains(o.Key));
            Remove(objects, [.. gone.Select(o => o.Key)], changes, touched);
        }
        return new StateChange(objects.ToImmutable(), changes, touched, state.Lost is not null || touched.Count > 0)
        {
            IsComplete = complete,
        };
    }

    /// <summary>An object that is given otherwise is the same one, with a specification that is given anew.</summary>
    private static ObjectRecord RecordOf(HeldObject? old, ManifestDocument document) => old is null ? ObjectRecord.New()
        : old.From.HasText(document.Text) ? old.Record
        : old.Record with { Generation = old.Record.Generation + 1 };

    private static void RequireSameSource(ObjectKey key, KubernetesObject obj, HeldObject old, string? source)
    {
        if (old.From.Watched == source) return;
        throw source is null ? RefusalException.Watched($"{key}", obj.Position, old.Object.Position, old.From.Watched!)
            : RefusalException.Applied($"{key}", obj.Position, old.Object.Position);
    }

    private static void Remove(
        ImmutableSortedDictionary<ObjectKey, HeldObject>.Builder objects, IReadOnlyCollection<ObjectKey> keys,
        List<ObjectChange> changes, HashSet<ObjectKey> touched)
    {
        changes.AddRange(keys.Select(k => new ObjectChange(k, ChangeKind.Deleted)));
        touched.UnionWith(keys);
        objects.RemoveRange(keys);
    }
}
