using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Applying;
using Dataplane.ApiMachinery.Defaults;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Creates objects.</summary>
internal sealed class Creating(ServedState served, ObjectWriter writer, Fields fields)
{
    public const string NamespaceDiffers =
        "the namespace of the provided object does not match the namespace sent on the request";

    /// <summary>What the ends of generated names are made of.</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private const int GeneratedLength = 5, MaxGeneratedBase = 58;

    /// <exception cref="StatusException">It is refused.</exception>
    public async Task<Written> CreateAsync(ApiRequest request, JsonObject given)
    {
        var (resource, ns) = (request.Resource, request.Namespace);
        RequireKind(request, given);
        var warnings = fields.Check(request, given);
        var metadata = given.Child("metadata");
        metadata.Remove("managedFields");
        if (metadata.Text("resourceVersion") is { Length: > 0 })
            throw StatusException.BadRequest("resourceVersion should not be set on objects to be created");
        var name = NameOf(request, metadata);
        if (request.Path.Name is { } asked && asked != name)
        {
            throw StatusException.BadRequest("the name differs from that of the path");
        }
        RequireNamespace(request, metadata);
        metadata["name"] = name;
        if (served.Objects.Current.Of(resource.Path).GetValueOrDefault(ServedObject.FullNameOf(ns, name)) is { } there
            && !Follows(there))
        {
            throw StatusException.AlreadyExists(resource, name);
        }
        Revisions.Begin(resource, given);
        Contents.Check(resource, name, given, isNew: true);
        Defaulting.ApplyTypes(resource, given);
        ManagedFields.Update(null, given, request.FieldManager, resource, fields.TypeOf(request), ObjectRecord.Now());
        var written = await writer.PutAsync(
            new Wanted(resource, ns, name, given, null, request.IsDryRun), request.Stop);
        return written with { Warnings = [.. warnings, .. written.Warnings] };
    }

    /// <exception cref="StatusException">The object is of another kind than the path.</exception>
    public static void RequireKind(ApiRequest request, JsonObject given)
    {
        var kind = request.Resource.Kind;
        given["kind"] ??= kind.Name;
        given["apiVersion"] ??= kind.ApiVersion;
        if (given.Text("kind") == kind.Name && given.Text("apiVersion") == kind.ApiVersion) return;
        throw StatusException.BadRequest($"{given.Text("kind")} in version \"{given.Text("apiVersion")}\" cannot be "
            + $"handled as a {kind.Name}: the path is that of {kind.ApiVersion}, Kind={kind.Name}");
    }

    /// <exception cref="StatusException">
    /// The object names another namespace than the path, or there is no such namespace.
    /// </exception>
    public void RequireNamespace(ApiRequest request, JsonObject metadata)
    {
        if (!request.Resource.Kind.Namespaced)
        {
            metadata.Remove("namespace");
            return;
        }
        if (request.Namespace.Length == 0)
            throw StatusException.BadRequest("an empty namespace may not be set during creation");
        metadata["namespace"] ??= request.Namespace;
        if (metadata.Text("namespace") != request.Namespace)
        {
            throw StatusException.BadRequest(NamespaceDiffers);
        }
        if (!served.Objects.Current.Of(Registry.Namespaces.Path).TryGetValue(request.Namespace, out var ns))
            throw StatusException.NotFound(Registry.Namespaces, request.Namespace);
        if (ns.Held?.Record.Deleted is not null)
        {
            throw new StatusException(StatusReason.Forbidden, $"unable to create new content in namespace "
                + $"{request.Namespace} because it is being terminated");
        }
    }

    /// <summary>Whether an object that nobody wrote makes way for one that somebody writes.</summary>
    private static bool Follows(ServedObject there) => there.Held is null && there.Stored is null
        && (there.Resource == Registry.Namespaces || there.Resource == Registry.Nodes
            || there.Resource == Registry.Endpoints || there.Resource == Registry.EndpointSlices)
        && !Shaper.Always.Contains(there.Name);

    private static string NameOf(ApiRequest request, JsonObject metadata)
    {
        var (name, prefix) = (metadata.Text("name") ?? "", metadata.Text("generateName") ?? "");
        if (name.Length == 0 && prefix.Length > 0)
        {
            var end = RandomNumberGenerator.GetString(Alphabet, GeneratedLength);
            name = prefix[..Math.Min(prefix.Length, MaxGeneratedBase)] + end;
        }
        var kind = request.Resource.Kind;
        if (name.Length == 0)
        {
            throw StatusException.Invalid(request.Resource, "", [new StatusCause("FieldValueRequired",
                "Required value: name or generateName is required", "metadata.name")]);
        }
        // Names of roles and the like may have colons: they only have to be one part of a path.
        var isFree = kind.Group.StartsWith("rbac.", StringComparison.Ordinal);
        var wrong = isFree ? name is "." or ".." || name.Contains('/') || name.Contains('%')
            ? "it is no part of a path" : null
            : Names.Subdomain(name);
        return wrong is null ? name : throw StatusException.Invalid(request.Resource, name,
            [new StatusCause("FieldValueInvalid", $"Invalid value: \"{name}\": {wrong}", "metadata.name")]);
    }
}
