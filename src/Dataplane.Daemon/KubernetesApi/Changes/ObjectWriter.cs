using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Defaults;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>An object that is to be written.</summary>
/// <param name="Object">As it is to be, with managedFields.</param>
/// <param name="Seen">As the request has seen it; null: there is none.</param>
internal sealed record Wanted(ApiResource Resource, string Namespace, string Name, JsonObject Object,
    ServedObject? Seen, bool IsDryRun)
{
    /// <summary>Stored objects that come and go with it; a null value: the object goes.</summary>
    public Dictionary<ObjectKey, StoredObject?> Beside { get; init; } = [];
}

/// <summary>What was written.</summary>
/// <param name="Object">As it is shown; of a dry run, as it would be.</param>
internal sealed record Written(ServedObject Object, IReadOnlyList<string> Warnings);

/// <summary>Writes objects to the one state, and answers when they are enforced, stored and shown.</summary>
internal sealed class ObjectWriter(Reconciler reconciler, ServedState served)
{
    /// <exception cref="StatusException">The object is refused, or another change came first.</exception>
    public async Task<Written> PutAsync(Wanted wanted, CancellationToken stop)
    {
        try
        {
            return await (wanted.Resource.IsStored || wanted.Seen is { Stored: not null, Held: null }
                ? StoreAsync(wanted, stop) : ChangeAsync(wanted, stop));
        }
        catch (RefusalException refusal)
        {
            throw Refusals.Of(refusal, wanted.Resource, wanted.Name);
        }
    }

    /// <summary>Removes objects.</summary>
    /// <param name="kept">Stored objects that lose their owner.</param>
    /// <param name="grace">Seconds that programs have to end; null: as their manifests say.</param>
    public async Task RemoveAsync(ApiResource resource, string name, IReadOnlyCollection<ObjectKey> keys,
        IReadOnlyCollection<KeyValuePair<ObjectKey, StoredObject>> kept, int? grace, bool isDryRun,
        CancellationToken stop)
    {
        try
        {
            await RunAsync(state => ApiChange.Remove(state, keys, kept, grace), isDryRun, stop);
        }
        catch (RefusalException refusal)
        {
            throw Refusals.Of(refusal, resource, name);
        }
    }

    /// <summary>Carries out a change, and waits until it is shown.</summary>
    public async Task<(ChangeResult Result, ServedList Shown)> RunAsync(
        Func<DesiredState, StateChange> change, bool isDryRun, CancellationToken stop)
    {
        var result = await reconciler.ChangeAsync(new ChangeRequest(change) { DryRun = isDryRun });
        return (result, isDryRun ? served.Objects.Current : await served.ReachedAsync(result.Generation, stop));
    }

    private async Task<Written> ChangeAsync(Wanted wanted, CancellationToken stop)
    {
        var seen = wanted.Seen?.Held;
        if (wanted.Seen is not null && seen is null)
        {
            throw new StatusException(StatusReason.Forbidden, $"{wanted.Resource.Kind.Plural} \"{wanted.Name}\" is "
                + "forbidden: it follows from other objects; change those")
            {
                Resource = wanted.Resource, Name = wanted.Name,
            };
        }
        var (document, warnings) = Manifests.Of(wanted.Resource, wanted.Namespace, wanted.Name, wanted.Object);
        var before = wanted.Seen?.Parse();
        var isNew = before is null || Generations.SpecChanged(before, wanted.Object);
        var old = seen?.Record ?? ObjectRecord.New();
        var record = old with
        {
            Generation = seen is null ? 1 : old.Generation + (isNew ? 1 : 0),
            ManagedFields = wanted.Object.Child("metadata")["managedFields"]?.ToJsonString() ?? "",
        };
        var (result, shown) = await RunAsync(state => ApiChange.Put(state, document, seen, record) is var put
            && wanted.Beside.Count == 0 ? put : ApiChange.With(state, put, wanted.Beside), wanted.IsDryRun, stop);
        string[] all = [.. warnings, .. result.Remarks.Select(Manifests.Text)];
        if (wanted.IsDryRun || shown.Of(wanted.Resource.Path).GetValueOrDefault(
            ServedObject.FullNameOf(wanted.Namespace, wanted.Name)) is not { } now)
        {
            var view = wanted.Object.Copy();
            ObjectView.Fill(wanted.Resource, view, wanted.Namespace, record);
            return new Written(Shown(wanted, view), all);
        }
        return new Written(now, all);
    }

    private async Task<Written> StoreAsync(Wanted wanted, CancellationToken stop)
    {
        var (obj, before) = (wanted.Object, wanted.Seen?.Parse());
        var metadata = obj.Child("metadata");
        if (wanted.Namespace.Length > 0) metadata["namespace"] = wanted.Namespace;
        metadata["uid"] = before?.Child("metadata").Text("uid") ?? $"{Guid.NewGuid()}";
        metadata["creationTimestamp"] =
            before?.Child("metadata").Text("creationTimestamp") ?? JsonParts.Time(ObjectRecord.Now());
        if (ObjectView.HasGeneration(wanted.Resource))
        {
            var last = before?.Child("metadata").Number("generation") ?? 0;
            metadata["generation"] = before is null || Generations.SpecChanged(before, obj) ? last + 1 : last;
        }
        metadata.Remove("resourceVersion");
        metadata.Remove("generateName");
        Defaulting.Apply(wanted.Resource, obj);
        var key = new ObjectKey(Registry.StoredKind(wanted.Resource),
            ServedObject.FullNameOf(wanted.Namespace, wanted.Name));
        var stored = new StoredObject(JsonParts.Bytes(obj));
        var (_, shown) = await RunAsync(
            state => ApiChange.Store(state, key, wanted.Seen?.Stored, stored), wanted.IsDryRun, stop);
        return new Written(wanted.IsDryRun || shown.Of(wanted.Resource.Path).GetValueOrDefault(key.Name) is not { } now
            ? Shown(wanted, obj) : now, []);
    }

    /// <summary>An object that is not there, as it would be shown.</summary>
    private static ServedObject Shown(Wanted wanted, JsonObject view)
    {
        if (wanted.Seen is { } seen) view.Child("metadata")["resourceVersion"] = $"{seen.Version}";
        return new ServedObject(wanted.Resource, wanted.Namespace, wanted.Name, wanted.Seen?.Version ?? 0,
            JsonParts.Bytes(view));
    }
}
