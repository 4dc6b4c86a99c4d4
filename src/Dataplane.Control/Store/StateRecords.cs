using Dataplane.Control.State;

namespace Dataplane.Control.Store;

/// <summary>What a file of the store has of objects beside their documents.</summary>
/// <param name="Objects">The records of objects that documents declare.</param>
/// <param name="Stored">Objects of kinds that planning does not read.</param>
internal sealed record StateRecords(
    IReadOnlyDictionary<ObjectKey, ObjectRecord> Objects, IReadOnlyDictionary<ObjectKey, StoredObject> Stored)
{
    public static readonly StateRecords None =
        new(new Dictionary<ObjectKey, ObjectRecord>(), new Dictionary<ObjectKey, StoredObject>());

    /// <summary>Those of a complete state.</summary>
    public static StateRecords Of(DesiredState state) =>
        new(state.Objects.ToDictionary(o => o.Key, o => o.Value.Record), state.Stored);

    /// <summary>Those that are new or differ.</summary>
    /// <param name="touched">The only places where the states differ.</param>
    public static StateRecords Between(DesiredState before, DesiredState after, IEnumerable<ObjectKey> touched)
    {
        var (objects, stored) = (new Dictionary<ObjectKey, ObjectRecord>(), new Dictionary<ObjectKey, StoredObject>());
        foreach (var key in touched)
        {
            if (after.Objects.TryGetValue(key, out var now)
                && before.Objects.GetValueOrDefault(key)?.Record is var old && now.Record != old)
            {
                objects[key] = now.Record;
            }
            if (after.Stored.TryGetValue(key, out var kept)
                && !ReferenceEquals(before.Stored.GetValueOrDefault(key), kept))
            {
                stored[key] = kept;
            }
        }
        return new StateRecords(objects, stored);
    }

    /// <summary>Whether both have the same content.</summary>
    public bool Says(StateRecords other) => Objects.Count == other.Objects.Count && Stored.Count == other.Stored.Count
        && Objects.All(o => other.Objects.GetValueOrDefault(o.Key) == o.Value)
        && Stored.All(o => other.Stored.TryGetValue(o.Key, out var stored)
            && stored.Json.Span.SequenceEqual(o.Value.Json.Span));
}
