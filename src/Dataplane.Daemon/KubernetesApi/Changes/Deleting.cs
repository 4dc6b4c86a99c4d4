using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Deletes objects, and with them what they own and what is in them.</summary>
internal sealed class Deleting(ServedState served, ObjectWriter writer, Restarting restarting)
{
    /// <returns>metav1.Status, or the object that is still there.</returns>
    /// <exception cref="StatusException">It is refused.</exception>
    public async Task<ReadOnlyMemory<byte>> DeleteAsync(ApiRequest request, JsonObject? options)
    {
        var seen = served.Objects.Current.Of(request.Resource.Path).GetValueOrDefault(request.FullName)
            ?? throw StatusException.NotFound(request.Resource, request.Path.Name!);
        var obj = seen.Parse();
        RequirePreconditions(request, obj, options);
        var isDryRun = request.IsDryRun || options?["dryRun"] is JsonArray { Count: > 0 };
        if (!isDryRun && Finalizing.Finalizers(obj) > 0) return (await MarkAsync(request, seen, obj)).Json;
        await RemoveAsync(request, seen, options, isDryRun);
        var details = new JsonObject
        {
            ["name"] = seen.Name, ["kind"] = request.Resource.Kind.Plural,
            ["uid"] = obj.Child("metadata").Text("uid"),
        };
        if (request.Resource.Kind.Group.Length > 0) details["group"] = request.Resource.Kind.Group;
        // A pod whose programs still end is there, and says so.
        var left = served.Objects.Current.Of(request.Resource.Path).GetValueOrDefault(seen.FullName);
        return left is not null && left.Parse().Child("metadata").Text("uid") == details.Text("uid") ? left.Json
            : JsonParts.Bytes(Answer.Success(details));
    }

    /// <summary>Deletes all objects that a request selects.</summary>
    public async Task<IReadOnlyList<ServedObject>> DeleteAllAsync(ApiRequest request, JsonObject? options)
    {
        List<ServedObject> all = [.. new Selected(request).In(served.Objects.Current)];
        foreach (var obj in all)
        {
            var one = request with
            {
                Path = request.Path with { Name = obj.Name, Namespace = obj.Namespace.Length > 0 ? obj.Namespace
                    : null },
            };
            try
            {
                await DeleteAsync(one, options?.Copy());
            }
            catch (StatusException e) when (e.Reason == StatusReason.NotFound)
            {
                // It went with another one.
            }
        }
        return all;
    }

    /// <summary>Removes an object with all that it owns.</summary>
    public async Task RemoveAsync(ApiRequest request, ServedObject seen, JsonObject? options, bool isDryRun = false)
    {
        RequireDeletable(request, seen);
        var grace = (int?)Math.Min(options?.Number("gracePeriodSeconds") ?? request.Number("gracePeriodSeconds")
            ?? long.MaxValue, int.MaxValue);
        if (grace == int.MaxValue) grace = null;
        if (seen.Held is null && seen.Stored is null)
        {
            if (!isDryRun) await restarting.RestartAsync(request, seen, grace);
            return;
        }
        var orphans = IsOrphaning(request, options);
        var keys = new HashSet<ObjectKey> { KeyOf(seen) };
        var kept = new Dictionary<ObjectKey, StoredObject>();
        var list = served.Objects.Current;
        if (seen.Resource == Registry.Namespaces) keys.UnionWith(Within(list, seen.Name).Select(KeyOf));
        for (var owners = new Queue<ServedObject>([seen]); owners.TryDequeue(out var owner);)
        {
            foreach (var owned in OwnedBy(list, owner))
            {
                if (orphans) Orphan(owned, owner, kept);
                else if (keys.Add(KeyOf(owned))) owners.Enqueue(owned);
            }
        }
        await writer.RemoveAsync(request.Resource, seen.Name, keys, kept, grace, isDryRun, request.Stop);
    }

    /// <exception cref="StatusException">There is no such policy.</exception>
    private static bool IsOrphaning(ApiRequest request, JsonObject? options)
    {
        var policy = options.Text("propagationPolicy") ?? request.Text("propagationPolicy");
        if (policy is not (null or "" or "Orphan" or "Background" or "Foreground"))
        {
            throw StatusException.InvalidOptions("DeleteOptions",
                Causes.Unsupported("propagationPolicy", policy, "\"Foreground\", \"Background\", \"Orphan\""));
        }
        return policy == "Orphan" || options?["orphanDependents"] is JsonValue { } old
            && old.TryGetValue<bool>(out var isOrphan) && isOrphan;
    }

    /// <summary>An object that stays when its owner goes. One that planning reads keeps the reference, which names
    /// nobody any more.</summary>
    private static void Orphan(ServedObject owned, ServedObject owner, Dictionary<ObjectKey, StoredObject> kept)
    {
        if (owned.Stored is null) return;
        var obj = owned.Parse();
        var uid = owner.Parse().Child("metadata").Text("uid");
        var references = obj.Child("metadata")["ownerReferences"] as JsonArray ?? [];
        obj.Child("metadata")["ownerReferences"] = new JsonArray([.. references
            .Where(r => (r as JsonObject).Text("uid") != uid).Select(r => r!.DeepClone())]);
        obj.Child("metadata").Remove("resourceVersion");
        kept[KeyOf(owned)] = new StoredObject(JsonParts.Bytes(obj));
    }

    /// <summary>Objects of the state that name an owner.</summary>
    private static IEnumerable<ServedObject> OwnedBy(ServedList list, ServedObject owner)
    {
        var uid = owner.Parse().Child("metadata").Text("uid")!;
        var mark = Encoding.UTF8.GetBytes($"\"{uid}\"");
        return list.ByPath.Values.SelectMany(all => all.Values)
            .Where(o => (o.Held is not null || o.Stored is not null) && o.Json.Span.IndexOf(mark) >= 0)
            .Where(o => (o.Parse().Child("metadata")["ownerReferences"] as JsonArray ?? [])
                .Any(r => (r as JsonObject).Text("uid") == uid));
    }

    private static IEnumerable<ServedObject> Within(ServedList list, string ns) => list.ByPath.Values
        .SelectMany(all => all.Values).Where(o => o.Namespace == ns && (o.Held is not null || o.Stored is not null));

    private static ObjectKey KeyOf(ServedObject obj) => new(
        obj.Held is not null ? obj.Resource.Kind.Name : Registry.StoredKind(obj.Resource), obj.FullName);

    private static void RequireDeletable(ApiRequest request, ServedObject seen)
    {
        if (seen.Resource == Registry.Namespaces && Shaper.Always.Contains(seen.Name))
        {
            throw new StatusException(StatusReason.Forbidden,
                $"namespaces \"{seen.Name}\" is forbidden: this namespace may not be deleted")
            {
                Resource = request.Resource, Name = seen.Name,
            };
        }
    }

    private static void RequirePreconditions(ApiRequest request, JsonObject obj, JsonObject? options)
    {
        if (options?["preconditions"] is not JsonObject preconditions) return;
        var metadata = obj.Child("metadata");
        foreach (var field in new[] { "uid", "resourceVersion" })
        {
            if (preconditions.Text(field) is { } wanted && wanted != metadata.Text(field))
            {
                throw new StatusException(StatusReason.Conflict, $"Operation cannot be fulfilled on "
                    + $"{request.Resource.Kind.Plural} \"{metadata.Text("name")}\": the {field} in the precondition "
                    + $"({wanted}) does not match the {field} in record "
                    + $"({metadata.Text(field)}). The object might have been deleted and then recreated")
                {
                    Resource = request.Resource, Name = metadata.Text("name")!,
                };
            }
        }
    }

    /// <summary>The object is to go when its finalizers have.</summary>
    private async Task<ServedObject> MarkAsync(ApiRequest request, ServedObject seen, JsonObject obj)
    {
        if (obj.Child("metadata").Text("deletionTimestamp") is not null) return seen;
        RequireDeletable(request, seen);
        try
        {
            if (seen.Held is { } held)
            {
                var record = held.Record with { Deleted = ObjectRecord.Now() };
                await writer.RunAsync(s => ApiChange.PutRecord(s, KeyOf(seen), held, record), false, request.Stop);
            }
            else
            {
                obj.Child("metadata")["deletionTimestamp"] = JsonParts.Time(ObjectRecord.Now());
                obj.Child("metadata")["deletionGracePeriodSeconds"] = 0;
                obj.Child("metadata").Remove("resourceVersion");
                var marked = new StoredObject(JsonParts.Bytes(obj));
                await writer.RunAsync(s => ApiChange.Store(s, KeyOf(seen), seen.Stored, marked), false, request.Stop);
            }
        }
        catch (RefusalException refusal)
        {
            throw Refusals.Of(refusal, request.Resource, seen.Name);
        }
        return served.Objects.Current.Of(seen.Resource.Path).GetValueOrDefault(seen.FullName) ?? seen;
    }
}
