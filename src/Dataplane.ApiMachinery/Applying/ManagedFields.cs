using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Applying;

/// <summary>Keeps <c>metadata.managedFields</c> of objects that are created, updated and patched.</summary>
public static class ManagedFields
{
    private const string Unknown = "unknown", Status = "status";

    /// <summary>
    /// Writes into the new state who owns which fields after an ordinary change: the manager owns what it changed.
    /// </summary>
    /// <param name="before">Null: the object is new.</param>
    /// <param name="after">
    /// Is changed. Its own managedFields count where it has some (a client may edit them); an empty list, or one of an
    /// empty entry, forgets them all.
    /// </param>
    /// <param name="manager">Empty: not known.</param>
    /// <param name="type">Null: nothing is known of it.</param>
    /// <param name="subresource">Such as <c>status</c>; empty: the object itself.</param>
    public static void Update(JsonObject? before, JsonObject after, string manager, ApiResource resource, ApiType? type,
        DateTimeOffset now, string subresource = "")
    {
        var managers = Managers(before, after, subresource);
        if (before is not null && managers.Entries.Count == 0)
        {
            // Nobody applied this object since its managers were forgotten: it stays without.
            managers.WriteTo(after);
            return;
        }
        var self = new ManagedFieldsEntry(manager.Length == 0 ? Unknown : manager, ManagedFieldsEntry.Update,
            resource.Kind.ApiVersion, now, subresource, new FieldSet());
        Update(managers, before ?? [], Taken(after, resource, subresource, before), self, type);
        managers.MergeOldUpdates();
        managers.WriteTo(after);
    }

    /// <param name="self">Without fields.</param>
    internal static void Update(ManagerList managers, JsonObject before, JsonObject after, ManagedFieldsEntry self,
        ApiType? type)
    {
        var changes = FieldChanges.Between(Unmanaged(before), Unmanaged(after), type);
        managers.Take(changes.Set.Union(changes.Removed), null);
        var entry = new ManagerList([]);
        entry.Put(self with { Fields = changes.Set });
        if (entry.Entries is [var changed])
        {
            var owned = managers.Find(self)?.Fields ?? new FieldSet();
            managers.Put(changed with { Fields = changed.Fields.Union(owned) });
        }
    }

    /// <summary>A copy without managedFields, which nobody owns.</summary>
    internal static JsonObject Unmanaged(JsonObject obj)
    {
        var copy = obj.DeepClone().AsObject();
        (copy["metadata"] as JsonObject)?.Remove("managedFields");
        return copy;
    }

    /// <summary>
    /// What a request may change: the status by the subresource of that name alone, which changes nothing else.
    /// </summary>
    /// <param name="before">Where the rest is from; null: there is none.</param>
    internal static JsonObject Taken(JsonObject given, ApiResource resource, string subresource, JsonObject? before)
    {
        if (!resource.Has(Status) || subresource is not ("" or Status))
        {
            return given;
        }
        var (rest, status) = subresource.Length == 0 ? (given, before) : (before ?? Named(given), given);
        var taken = rest.DeepClone().AsObject();
        taken.Remove(Status);
        if (status?[Status] is { } found)
        {
            taken[Status] = found.DeepClone();
        }
        return taken;
    }

    private static JsonObject Named(JsonObject obj)
    {
        var named = new JsonObject
        {
            ["apiVersion"] = obj["apiVersion"]?.DeepClone(), ["kind"] = obj["kind"]?.DeepClone(),
        };
        if ((obj["metadata"] as JsonObject)?["name"] is { } name)
        {
            named["metadata"] = new JsonObject { ["name"] = name.DeepClone() };
        }
        return named;
    }

    private static ManagerList Managers(JsonObject? before, JsonObject after, string subresource)
    {
        var old = ManagerList.Of(before ?? []);
        if (subresource.Length > 0 || (after["metadata"] as JsonObject)?["managedFields"] is not JsonArray given)
        {
            return old;
        }
        if (given.Count == 0 || (given.Count == 1 && given[0] is JsonObject { Count: 0 }))
        {
            return ManagerList.Of([]);
        }
        var managers = ManagerList.Of(after);
        return managers.Entries.Count == 0 ? old : managers;
    }
}
