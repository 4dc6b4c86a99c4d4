using Dataplane.Control.Refusals;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Control.State;

/// <summary>What requests of the Kubernetes API make of a state: each names the object that it has seen.</summary>
public static class ApiChange
{
    /// <summary>One object is given, or given anew.</summary>
    /// <param name="document">It has this object alone.</param>
    /// <param name="seen">The object as the request has seen it; null: there was none.</param>
    /// <exception cref="RefusalException">
    /// The state was lost, another change came first, or the object belongs to the manifest directory.
    /// </exception>
    public static StateChange Put(DesiredState state, ManifestDocument document, HeldObject? seen, ObjectRecord record)
    {
        RequireState(state);
        var obj = document.Objects.Single();
        var key = ObjectKey.Of(obj);
        RequireSeen(key, state.Objects.GetValueOrDefault(key), seen);
        RequireApplied(key, seen);
        var held = new HeldObject(obj, new HeldDocument(document, null), record);
        var kind = seen is null ? ChangeKind.Created : ChangeKind.Configured;
        return new StateChange(state.Objects.SetItem(key, held), [new ObjectChange(key, kind)], [key], Differs: true);
    }

    /// <summary>Only the record of an object changes, such as that it is to go when its finalizers have.</summary>
    /// <inheritdoc cref="Put"/>
    public static StateChange PutRecord(DesiredState state, ObjectKey key, HeldObject seen, ObjectRecord record)
    {
        RequireState(state);
        RequireSeen(key, state.Objects.GetValueOrDefault(key), seen);
        RequireApplied(key, seen);
        return new StateChange(state.Objects.SetItem(key, seen with { Record = record }),
            [new ObjectChange(key, ChangeKind.Configured)], [key], Differs: true);
    }

    /// <summary>One object of a kind that planning does not read is given, or given anew.</summary>
    /// <inheritdoc cref="Put"/>
    public static StateChange Store(DesiredState state, ObjectKey key, StoredObject? seen, StoredObject given)
    {
        RequireState(state);
        RequireSeen(key, state.Stored.GetValueOrDefault(key), seen);
        var kind = seen is null ? ChangeKind.Created : ChangeKind.Configured;
        return new StateChange(state.Objects, [new ObjectChange(key, kind)], [key], Differs: true)
        {
            Stored = state.Stored.SetItem(key, given),
        };
    }

    /// <summary>The same change, with which stored objects come and go.</summary>
    /// <param name="beside">A null value: the object goes.</param>
    public static StateChange With(
        DesiredState state, StateChange change, IReadOnlyDictionary<ObjectKey, StoredObject?> beside)
    {
        var stored = state.Stored.ToBuilder();
        foreach (var (key, given) in beside)
        {
            if (given is null) stored.Remove(key);
            else stored[key] = given;
        }
        return change with { Stored = stored.ToImmutable(), Touched = [.. change.Touched, .. beside.Keys] };
    }

    /// <summary>Objects of any kind go. Those that are not there are no error.</summary>
    /// <param name="kept">Stored objects that stay, as they are to be: those that lose their owner.</param>
    /// <param name="grace">See <see cref="StateChange.GraceSeconds"/>.</param>
    /// <exception cref="RefusalException">The state was lost, or one belongs to the manifest directory.</exception>
    public static StateChange Remove(DesiredState state, IReadOnlyCollection<ObjectKey> keys,
        IReadOnlyCollection<KeyValuePair<ObjectKey, StoredObject>> kept, int? grace)
    {
        RequireState(state);
        List<ObjectKey> there = [.. keys.Where(k => state.Objects.ContainsKey(k) || state.Stored.ContainsKey(k))];
        foreach (var key in there)
        {
            if (state.Objects.GetValueOrDefault(key) is { From.Watched: { } file } held)
                throw RefusalException.WatchedDelete($"{key}", held.Object.Position, file);
        }
        return new StateChange(state.Objects.RemoveRange(there),
            [.. there.Select(k => new ObjectChange(k, ChangeKind.Deleted))], [.. there, .. kept.Select(k => k.Key)],
            Differs: there.Count + kept.Count > 0)
        {
            Stored = state.Stored.RemoveRange(there).SetItems(kept),
            GraceSeconds = grace,
        };
    }

    private static void RequireState(DesiredState state)
    {
        if (state.Lost is not null) throw RefusalException.StateLost(state.Lost);
    }

    private static void RequireSeen(ObjectKey key, object? now, object? seen)
    {
        if (!ReferenceEquals(now, seen)) throw RefusalException.Changed($"{key}");
    }

    private static void RequireApplied(ObjectKey key, HeldObject? seen)
    {
        if (seen is { From.Watched: { } file })
            throw RefusalException.Watched($"{key}", seen.Object.Position, seen.Object.Position, file);
    }
}
