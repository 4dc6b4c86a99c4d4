using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.ApiMachinery.Statuses;

/// <summary>The API refuses a request. The message is for its user, as the API server words it.</summary>
public sealed class StatusException(StatusReason reason, string message) : Exception(message)
{
    public StatusReason Reason { get; } = reason;

    /// <summary>The resource that the request was about; null: none.</summary>
    public ApiResource? Resource { get; init; }

    /// <summary>The name of the object; empty: none.</summary>
    public string Name { get; init; } = "";

    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    /// <summary>After how many seconds a client may try again; 0: not said.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>The HTTP status code.</summary>
    public int Code => Reason switch
    {
        StatusReason.BadRequest => 400,
        StatusReason.Unauthorized => 401,
        StatusReason.Forbidden => 403,
        StatusReason.NotFound => 404,
        StatusReason.MethodNotAllowed => 405,
        StatusReason.NotAcceptable => 406,
        StatusReason.AlreadyExists or StatusReason.Conflict => 409,
        StatusReason.Expired => 410,
        StatusReason.RequestEntityTooLarge => 413,
        StatusReason.UnsupportedMediaType => 415,
        StatusReason.Invalid => 422,
        StatusReason.TooManyRequests => 429,
        StatusReason.ServiceUnavailable => 503,
        StatusReason.Timeout => 504,
        _ => 500,
    };

    /// <summary>No object of that name.</summary>
    public static StatusException NotFound(ApiResource resource, string name) =>
        new(StatusReason.NotFound, $"{Qualified(resource)} \"{name}\" not found") { Resource = resource, Name = name };

    public static StatusException AlreadyExists(ApiResource resource, string name) =>
        new(StatusReason.AlreadyExists, $"{Qualified(resource)} \"{name}\" already exists")
        {
            Resource = resource, Name = name,
        };

    /// <summary>The object is not the one that the client has seen.</summary>
    public static StatusException Changed(ApiResource resource, string name) =>
        new(StatusReason.Conflict, $"Operation cannot be fulfilled on {Qualified(resource)} \"{name}\": the object has "
            + "been modified; please apply your changes to the latest version and try again")
        {
            Resource = resource, Name = name,
        };

    public static StatusException BadRequest(string message) => new(StatusReason.BadRequest, message);

    /// <summary>An object is not valid.</summary>
    public static StatusException Invalid(ApiResource resource, string name, IReadOnlyList<StatusCause> causes)
    {
        var group = resource.Kind.Group;
        var kind = group.Length == 0 ? resource.Kind.Name : $"{resource.Kind.Name}.{group}";
        string[] all = [.. causes.Select(c => c.Field.Length == 0 ? c.Message : $"{c.Field}: {c.Message}")];
        var text = all.Length == 1 ? all[0] : $"[{string.Join(", ", all)}]";
        return new StatusException(StatusReason.Invalid, $"{kind} \"{name}\" is invalid: {text}")
        {
            Resource = resource, Name = name, Causes = causes,
        };
    }

    /// <summary>The options of a request are not valid.</summary>
    /// <param name="kind">Such as <c>PatchOptions</c>, of the group meta.k8s.io.</param>
    public static StatusException InvalidOptions(string kind, StatusCause cause) =>
        Invalid(new ApiResource(new ObjectKind("meta.k8s.io", "v1", kind, "", [], false), []), "", [cause]);

    /// <summary>The metav1.Status that is answered.</summary>
    public JsonObject ToStatus()
    {
        var details = new JsonObject();
        if (Name.Length > 0)
        {
            details["name"] = Name;
        }
        if (Resource is not null)
        {
            if (Resource.Kind.Group.Length > 0)
            {
                details["group"] = Resource.Kind.Group;
            }
            details["kind"] = Reason == StatusReason.Invalid ? Resource.Kind.Name : Resource.Kind.Plural;
        }
        if (Causes.Count > 0)
        {
            details["causes"] = new JsonArray([.. Causes.Select(c => new JsonObject
            {
                ["reason"] = c.Reason, ["message"] = c.Message, ["field"] = c.Field,
            })]);
        }
        if (RetryAfterSeconds > 0)
        {
            details["retryAfterSeconds"] = RetryAfterSeconds;
        }
        var status = new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Failure",
            ["message"] = Message, ["reason"] = Reason.ToString(),
        };
        if (details.Count > 0)
        {
            status["details"] = details;
        }
        status["code"] = Code;
        return status;
    }

    /// <summary>As messages name a resource: <c>pods</c>, <c>deployments.apps</c>.</summary>
    private static string Qualified(ApiResource resource) => resource.Kind.Group.Length == 0
        ? resource.Kind.Plural : $"{resource.Kind.Plural}.{resource.Kind.Group}";
}
