using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Applying;
using Dataplane.ApiMachinery.Defaults;
using Dataplane.ApiMachinery.Patching;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Replaces and patches objects, and their status.</summary>
internal sealed class Updating(ServedState served, ObjectWriter writer, Fields fields, Creating creating,
    Finalizing finalizing)
{
    /// <summary>How often a patch is made again where another change comes first.</summary>
    private const int Tries = 6;

    /// <exception cref="StatusException">It is refused.</exception>
    public async Task<Written> ReplaceAsync(ApiRequest request, JsonObject given)
    {
        Creating.RequireKind(request, given);
        var warnings = fields.Check(request, given);
        var seen = Find(request);
        var metadata = given.Child("metadata");
        if (metadata.Text("name") != request.Path.Name)
        {
            throw StatusException.BadRequest(NameDiffers(metadata.Text("name"), request.Path.Name));
        }
        creating.RequireNamespace(request, metadata);
        var written = await WriteAsync(request, seen, given);
        return written with { Warnings = [.. warnings, .. written.Warnings] };
    }

    /// <summary>A patch of any kind; an apply may create the object.</summary>
    /// <returns>Whether it was created.</returns>
    /// <inheritdoc cref="ReplaceAsync"/>
    public async Task<(Written Written, bool IsNew)> PatchAsync(ApiRequest request, JsonNode patch)
    {
        var type = Bodies.MediaTypeOf(request.Http);
        if (type == "application/apply-patch+yaml") return await ApplyAsync(request, patch);
        if (request.Text("force") is not null)
            throw WrongOptions(Causes.Forbidden("force", "may not be specified for non-apply patch"));
        for (var i = 1; ; i++)
        {
            var seen = Find(request);
            var patched = Patched(request, type, patch, seen.Parse());
            RequireKind(request, patched);
            var warnings = fields.Check(request, patched);
            try
            {
                var written = await WriteAsync(request, seen, patched);
                return (written with { Warnings = [.. warnings, .. written.Warnings] }, false);
            }
            catch (StatusException e) when (e.Reason == StatusReason.Conflict && i < Tries && !NamesVersion(patch))
            {
                // Another change came first: the patch is made of what that left.
                await served.Objects.NextAsync(request.Stop).WaitAsync(TimeSpan.FromMilliseconds(50 * i), request.Stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A patch makes no other kind of object.</summary>
    private static void RequireKind(ApiRequest request, JsonObject patched)
    {
        var kind = request.Resource.Kind;
        if (patched.Text("kind") == kind.Name && patched.Text("apiVersion") == kind.ApiVersion) return;
        throw new StatusException(StatusReason.Invalid, $" \"\" is invalid: patch: Invalid value: the object would be "
            + $"a {patched.Text("kind")} of {patched.Text("apiVersion")}, and is a {kind.Name} of {kind.ApiVersion}")
        {
            Causes = [new StatusCause("FieldValueInvalid", "Invalid value: another kind", "patch")],
        };
    }

    private JsonObject Patched(ApiRequest request, string type, JsonNode patch, JsonObject before) => type switch
    {
        "application/json-patch+json" => JsonPatch.Apply(before, patch),
        "application/merge-patch+json" => MergePatch.Apply(before, patch),
        "application/strategic-merge-patch+json" =>
            StrategicMergePatch.Apply(before, patch, fields.IsCustom(request) ? null : fields.TypeOf(request)),
        _ => throw Unsupported(),
    };

    private static StatusException WrongOptions(StatusCause cause) =>
        StatusException.InvalidOptions("PatchOptions", cause);

    private static StatusException Unsupported() => new(StatusReason.UnsupportedMediaType,
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
            + "application/merge-patch+json, application/apply-patch+yaml");

    private async Task<(Written Written, bool IsNew)> ApplyAsync(ApiRequest request, JsonNode patch)
    {
        if (patch is not JsonObject given) throw StatusException.BadRequest("the body of the request is no object");
        if (request.Text("fieldManager") is not { } manager)
        {
            throw WrongOptions(new StatusCause("FieldValueRequired", "Required value: is required for apply patch",
                "fieldManager"));
        }
        if (given.Text("kind") is null or "" || given.Text("apiVersion") is null or "")
            throw StatusException.BadRequest("an applied object must have its kind and apiVersion");
        Creating.RequireKind(request, given);
        var warnings = fields.Check(request, given);
        var name = given.Child("metadata")["name"] ??= request.Path.Name;
        if ((string?)name != request.Path.Name)
            throw StatusException.BadRequest(NameDiffers((string?)name, request.Path.Name));
        creating.RequireNamespace(request, given.Child("metadata"));
        for (var i = 1; ; i++)
        {
            var seen = served.Objects.Current.Of(request.Resource.Path).GetValueOrDefault(request.FullName);
            var merged = ServerSideApply.Apply(seen?.Parse(), given.Copy(), manager, request.Flag("force"),
                request.Resource, fields.TypeOf(request), ObjectRecord.Now());
            try
            {
                var written = seen is null ? await CreateAsync(request, merged)
                    : await PutAsync(request, seen, merged);
                return (written with { Warnings = [.. warnings, .. written.Warnings] }, seen is null);
            }
            catch (StatusException e) when (e.Reason == StatusReason.Conflict && e.Causes.Count == 0 && i < Tries)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<Written> CreateAsync(ApiRequest request, JsonObject merged)
    {
        Revisions.Begin(request.Resource, merged);
        Contents.Check(request.Resource, request.Path.Name!, merged, isNew: true);
        return await writer.PutAsync(new Wanted(request.Resource, request.Namespace, request.Path.Name!, merged, null,
            request.IsDryRun), request.Stop);
    }

    /// <exception cref="StatusException">There is no such object.</exception>
    private ServedObject Find(ApiRequest request) =>
        served.Objects.Current.Of(request.Resource.Path).GetValueOrDefault(request.FullName)
            ?? throw StatusException.NotFound(request.Resource, request.Path.Name!);

    private async Task<Written> WriteAsync(ApiRequest request, ServedObject seen, JsonObject given)
    {
        var before = seen.Parse();
        var metadata = given.Child("metadata");
        if (metadata.Text("resourceVersion") is { Length: > 0 } version && version != $"{seen.Version}")
            throw StatusException.Changed(request.Resource, seen.Name);
        RequireSame(request, before, metadata);
        if (request.Path.Subresource == "status") given = WithStatus(before, given);
        else if (request.Resource.Has("status")) Take(given, before, "status");
        if (metadata["managedFields"] is null) Take(metadata, before.Child("metadata"), "managedFields");
        Defaulting.ApplyTypes(request.Resource, given);
        ManagedFields.Update(before, given, request.FieldManager, request.Resource,
            fields.TypeOf(request), ObjectRecord.Now(), request.Path.Subresource ?? "");
        return await PutAsync(request, seen, given);
    }

    private async Task<Written> PutAsync(ApiRequest request, ServedObject seen, JsonObject given)
    {
        var before = seen.Parse();
        foreach (var field in new[] { "uid", "resourceVersion", "creationTimestamp", "generation" })
            Take(given.Child("metadata"), before.Child("metadata"), field);
        Defaulting.Apply(request.Resource, given);
        LastingFields.Check(request.Resource, before, given);
        Contents.Check(request.Resource, seen.Name, given, isNew: false);
        if (JsonNode.DeepEquals(before, given)) return new Written(seen, []);
        if (await finalizing.EndAsync(request, seen, given) is { } ended) return new Written(ended, []);
        var beside = Revisions.Next(served.Objects.Current, seen, given);
        // A namespace that only objects in it name is declared now.
        var isImplied = seen is { Held: null, Stored: null } && seen.Resource == Registry.Namespaces;
        return await writer.PutAsync(new Wanted(request.Resource, request.Namespace, request.Path.Name!, given,
            isImplied ? null : seen, request.IsDryRun) { Beside = beside }, request.Stop);
    }

    private static string NameDiffers(string? given, string? asked) =>
        $"the name of the object ({given}) does not match the name on the URL ({asked})";

    private static void RequireSame(ApiRequest request, JsonObject before, JsonObject metadata)
    {
        var known = before.Child("metadata");
        foreach (var field in new[] { "name", "namespace", "uid" })
        {
            if (metadata.Text(field) is not { Length: > 0 } given || given == known.Text(field)) continue;
            if (field == "uid")
            {
                throw new StatusException(StatusReason.Conflict, $"Operation cannot be fulfilled on "
                    + $"{request.Resource.Kind.Plural} \"{known.Text("name")}\": "
                    + "Precondition failed: UID in precondition: "
                    + $"{given}, UID in object meta: {known.Text("uid")}");
            }
            throw StatusException.BadRequest(field == "name" ? NameDiffers(given, known.Text("name"))
                : Creating.NamespaceDiffers);
        }
        metadata["name"] ??= known.Text("name");
    }

    /// <summary>The object as it is, with the status that is given.</summary>
    private static JsonObject WithStatus(JsonObject before, JsonObject given)
    {
        var result = before.Copy();
        Take(result, given, "status");
        return result;
    }

    private static void Take(JsonObject into, JsonObject from, string field)
    {
        if (from[field] is { } value) into[field] = value.DeepClone();
        else into.Remove(field);
    }

    private static bool NamesVersion(JsonNode patch) =>
        patch.ToJsonString().Contains("resourceVersion", StringComparison.Ordinal);
}
