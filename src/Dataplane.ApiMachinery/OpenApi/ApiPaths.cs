using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>The paths of resources with their operations, as the API server serves them.</summary>
internal sealed class ApiPaths(ServedTypes types)
{
    private static readonly string[] Get = ["resourceVersion"], Write = ["dryRun", "fieldManager", "fieldValidation"];
    private static readonly string[] Patch = [.. Write, "force"];

    private static readonly string[] Delete =
        ["dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy"];

    private static readonly string[] List =
    [
        "allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion",
        "resourceVersionMatch", "sendInitialEvents", "timeoutSeconds", "watch",
    ];

    /// <summary>The queries of what is no object: streams and texts of a pod.</summary>
    private static readonly Dictionary<string, string[]> Streams = new()
    {
        ["attach"] = ["container", "stderr", "stdin", "stdout", "tty"],
        ["exec"] = ["command", "container", "stderr", "stdin", "stdout", "tty"],
        ["log"] =
        [
            "container", "follow", "limitBytes", "previous", "sinceSeconds", "sinceTime", "tailLines", "timestamps",
        ],
        ["portforward"] = ["ports"],
    };

    public IEnumerable<ApiPath> Of(ApiResource resource)
    {
        var kind = resource.Kind;
        var all = $"{resource.Root}/{kind.Plural}";
        var (path, scope) = kind.Namespaced
            ? ($"{resource.Root}/namespaces/{{namespace}}/{kind.Plural}", "Namespaced") : (all, "");
        string[] parameters = kind.Namespaced ? ["namespace"] : [];
        if (kind.Namespaced)
        {
            yield return new ApiPath(all, [], [ListAll(resource)]);
        }
        yield return new ApiPath(path, parameters, [.. OfCollection(resource, scope)]);
        parameters = ["name", .. parameters];
        yield return new ApiPath(path + "/{name}", parameters, [.. OfObject(resource, scope, "")]);
        foreach (var subresource in resource.Subresources)
        {
            yield return new ApiPath($"{path}/{{name}}/{subresource}", parameters,
                [.. OfSubresource(resource, scope, subresource)]);
        }
    }

    private ApiOperation ListAll(ApiResource resource) => Operation(resource, "get", "list", "list",
        $"{resource.Kind.Name}ForAllNamespaces", List, null, types.ListOf(resource));

    private IEnumerable<ApiOperation> OfCollection(ApiResource resource, string scope)
    {
        var (name, type) = (scope + resource.Kind.Name, types.Of(resource));
        yield return Operation(resource, "get", "list", "list", name, List, null, types.ListOf(resource));
        yield return Operation(resource, "post", "post", "create", name, Write, type, type);
        if (resource.HasDeleteCollection)
        {
            yield return Operation(resource, "delete", "deletecollection", "deleteCollection", name,
                [.. List.Union(Delete)], types.DeleteOptions, types.Status);
        }
    }

    private IEnumerable<ApiOperation> OfObject(ApiResource resource, string scope, string subresource)
    {
        var (name, type) = (scope + resource.Kind.Name + Pascal(subresource), types.Of(resource));
        yield return Operation(resource, "get", "get", "read", name, Get, null, type);
        yield return Operation(resource, "put", "put", "replace", name, Write, type, type);
        yield return Operation(resource, "patch", "patch", "patch", name, Patch, null, type);
        if (subresource.Length == 0)
        {
            yield return Operation(resource, "delete", "delete", "delete", name, Delete, types.DeleteOptions,
                types.Status);
        }
    }

    private IEnumerable<ApiOperation> OfSubresource(ApiResource resource, string scope, string subresource)
    {
        var name = scope + resource.Kind.Name + Pascal(subresource);
        if (Streams.TryGetValue(subresource, out var query))
        {
            var isText = subresource == "log";
            yield return Operation(resource, "get", isText ? "get" : "connect", isText ? "read" : "connectGet", name,
                query, null, null);
            if (!isText)
            {
                yield return Operation(resource, "post", "connect", "connectPost", name, query, null, null);
            }
            yield break;
        }
        switch (subresource)
        {
            case "eviction":
                yield return Operation(resource, "post", "post", "create", name, Write, types.EvictionType,
                    types.Status) with { Kind = types.KindOf(types.EvictionType)!.Value };
                break;
            case "finalize":
                yield return Operation(resource, "put", "put", "replace", name, Write, types.Of(resource),
                    types.Of(resource));
                break;
            case "scale":
                foreach (var operation in OfObject(resource, scope, subresource))
                {
                    yield return operation with
                    {
                        Kind = types.KindOf(types.ScaleType)!.Value, Answer = types.ScaleType,
                        Body = operation.Body is null ? null : types.ScaleType,
                    };
                }
                break;
            default:
                foreach (var operation in OfObject(resource, scope, subresource))
                {
                    yield return operation;
                }
                break;
        }
    }

    private static ApiOperation Operation(ApiResource resource, string method, string action, string verb, string name,
        IReadOnlyList<string> query, ApiType? body, ApiType? answer) =>
        new(method, action, verb + GroupName(resource.Kind.Group) + Pascal(resource.Kind.Version) + name,
            ServedTypes.Kind(resource), query, body, answer);

    /// <summary>As identifiers have it: <c>Core</c>, <c>Apps</c>, <c>RbacAuthorization</c>.</summary>
    private static string GroupName(string group) => group.Length == 0 ? "Core"
        : string.Concat(group.Replace(".k8s.io", "", StringComparison.Ordinal).Split('.').Select(Pascal));

    private static string Pascal(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];
}
