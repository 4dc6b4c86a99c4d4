using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>
/// Server-side apply: puts the fields that a manager wants into an object, takes out those that it wants no more and
/// nobody else owns, and refuses to change what another manager owns.
/// </summary>
public static class ServerSideApply
{
    private const string BeforeApply = "before-first-apply";

    /// <summary>The new object; no argument is changed. What it lacks has still to get its defaults.</summary>
    /// <param name="live">Null: the object is new.</param>
    /// <param name="applied">
    /// What the manager wants. Of what the path of the request does not take, such as the status, nothing is read.
    /// </param>
    /// <param name="force">Takes fields from other managers instead of refusing.</param>
    /// <param name="type">Null: nothing is known of it; its lists belong to one manager each.</param>
    /// <param name="subresource">Such as <c>status</c>; empty: the object itself.</param>
    /// <exception cref="StatusException">
    /// A conflict (409), or an object that cannot be applied (400).
    /// </exception>
    public static JsonObject Apply(JsonObject? live, JsonObject applied, string manager, bool force,
        ApiResource resource, ApiType? type, DateTimeOffset now, string subresource = "")
    {
        if (applied["metadata"] is JsonObject { } metadata && metadata["managedFields"] is not null)
        {
            throw StatusException.BadRequest("metadata.managedFields must be nil");
        }
        var before = ManagedFields.Unmanaged(live ?? []);
        var wanted = WithoutNulls(ManagedFields.Taken(applied, resource, subresource, null));
        var managers = ManagerList.Of(live ?? []);
        var version = resource.Kind.ApiVersion;
        if (live is not null && managers.Entries.Count == 0)
        {
            var unknown = new ManagedFieldsEntry(
                BeforeApply, ManagedFieldsEntry.Update, version, now, "", new FieldSet());
            ManagedFields.Update(managers, [], before, unknown, type);
        }
        var self = new ManagedFieldsEntry(manager, ManagedFieldsEntry.Apply, version, now, subresource,
            OwnedFields.Of(wanted, type));
        var last = managers.Find(self);
        var after = AppliedMerge.Merged(before, wanted, type);
        managers.Put(self);
        Prune(after, last, [self, .. managers.Entries], type);

        var changes = FieldChanges.Between(before, after, type);
        if (!force)
        {
            ApplyConflicts.Check(managers, self, changes.Set, LastApplied.Takes(before, manager, type));
        }
        managers.Take(changes.Set.Union(changes.Removed), self);
        if (last?.Time is not null && JsonNode.DeepEquals(before, after) && managers.Find(self) is { } unchanged)
        {
            managers.Put(unchanged with { Time = last.Time });
        }
        LastApplied.Follow(after, wanted, manager);
        managers.WriteTo(after);
        return after;
    }

    /// <summary>Takes out what the manager wanted the last time, and neither it nor another wants now.</summary>
    private static void Prune(JsonObject after, ManagedFieldsEntry? last, IEnumerable<ManagedFieldsEntry> managers,
        ApiType? type)
    {
        if (last is null)
        {
            return;
        }
        var kept = managers.Aggregate(new FieldSet(), (all, e) => all.Union(e.Fields));
        var gone = OwnedFields.WithParents(last.Fields, type).Difference(OwnedFields.WithParents(kept, type));
        FieldRemoval.Remove(after, gone, type);
    }

    /// <summary>A null says no more than nothing does.</summary>
    private static JsonObject WithoutNulls(JsonObject applied)
    {
        var copy = applied.DeepClone().AsObject();
        DropNulls(copy);
        return copy;
    }

    private static void DropNulls(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject mapping:
                foreach (var key in mapping.Where(p => p.Value is null).Select(p => p.Key).ToList())
                {
                    mapping.Remove(key);
                }
                foreach (var (_, value) in mapping)
                {
                    DropNulls(value);
                }
                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    DropNulls(item);
                }
                break;
        }
    }
}
