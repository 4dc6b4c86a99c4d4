using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Security;
using Dataplane.Daemon.KubernetesApi.Served;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Requests;

/// <summary>A request about a resource.</summary>
internal sealed record ApiRequest(HttpContext Http, ApiUser User, ApiResource Resource, ApiPath Path)
{
    public CancellationToken Stop => Http.RequestAborted;

    /// <summary>Empty: of all namespaces, or the kind stands outside of them.</summary>
    public string Namespace => Path.Namespace ?? "";

    /// <summary>The full name of the object that is asked about.</summary>
    public string FullName => ServedObject.FullNameOf(Resource.Kind.Namespaced ? Namespace : "", Path.Name!);

    /// <summary>A parameter; null where it is not given, or empty.</summary>
    public string? Text(string parameter) =>
        Http.Request.Query[parameter].ToString() is { Length: > 0 } text ? text : null;

    public bool Flag(string parameter) => Text(parameter) is { } text && text is "true" or "1";

    /// <exception cref="StatusException">It is no whole number that is not negative.</exception>
    public long? Number(string parameter) => Text(parameter) is not { } text ? null
        : long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture,
            out var number) ? number
            : throw StatusException.BadRequest($"{parameter}: Invalid value: \"{text}\": it is no whole number");

    /// <summary>Nothing is changed: the answer says what would be.</summary>
    /// <exception cref="StatusException">The parameter has another value than All.</exception>
    public bool IsDryRun => Text("dryRun") switch
    {
        null => false,
        "All" => true,
        var other => throw StatusException.BadRequest(
            $"dryRun: Unsupported value: \"{other}\": supported values: \"All\""),
    };

    /// <summary>Who changes fields, as managedFields name him.</summary>
    public string FieldManager => Text(
        "fieldManager") ?? (Http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent
        ? agent.Split('/')[0] : "unknown");

}
