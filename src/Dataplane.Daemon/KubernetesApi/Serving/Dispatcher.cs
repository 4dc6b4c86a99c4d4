using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Control.Refusals;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Security;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>Takes requests apart: who asks, and what for.</summary>
internal sealed partial class Dispatcher(ServedState served, ApiAccess access, ObjectEndpoint objects,
    PodRequests pods, Bodies bodies, ILogger log)
{
    /// <summary>The version of the API that is served, for clients that compare it with their own.</summary>
    private const string Major = "1", Minor = "35";

    private readonly Discovery _discovery = new(served.Kinds);
    private readonly OpenApiDocuments _openApi = new(served.Kinds);

    public async Task Handle(HttpContext http)
    {
        try
        {
            await Answered(http);
        }
        catch (StatusException refusal) when (!http.Response.HasStarted)
        {
            await Answer.Write(http, refusal);
        }
        catch (RefusalException refusal) when (!http.Response.HasStarted)
        {
            await Answer.Write(http, new StatusException(StatusReason.InternalError, refusal.Message));
        }
        catch (ApiProblem busy) when (!http.Response.HasStarted)
        {
            await Answer.Write(http, new StatusException(StatusReason.TooManyRequests,
                busy.Problem.Detail ?? busy.Problem.Title) { RetryAfterSeconds = 1 });
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await Answer.Write(http, StatusException.BadRequest(bad.Message));
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && e is not OutOfMemoryException)
        {
            Failed(log, e, http.Request.Method, http.Request.Path);
            if (http.Response.HasStarted)
            {
                http.Abort();
            }
            else
            {
                await Answer.Write(http, new StatusException(StatusReason.InternalError,
                    "Internal error occurred: the log of the daemon says more"));
            }
        }
    }

    private Task Answered(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        // Whether it lives may be asked by anybody.
        if (path is "/healthz" or "/livez" or "/readyz" && HttpMethods.IsGet(http.Request.Method))
            return Answer.Write(http, "ok"u8.ToArray(), type: "text/plain; charset=utf-8");
        var user = access.UserOf(http);
        var isRead = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        var isReview = HttpMethods.IsPost(http.Request.Method) && Reviews.Resources.Any(r => r.Path == path);
        if (!isRead && !isReview && !user.MayWrite) throw Forbidden(user, http);
        if (isRead && Document(http, path.TrimEnd('/')) is { } document) return Answer.Write(http, document);
        if (isRead && path.StartsWith("/openapi/", StringComparison.Ordinal)) return _openApi.Write(http, path);
        if (isReview) return Review(http, path, user);
        if (ApiPath.Parse(path) is not { } parsed) throw NoPath();
        var resource = served.Kinds.Find(parsed.Group, parsed.Version, parsed.Plural) ?? throw NoPath();
        if (parsed.Subresource is { } sub && !resource.Has(sub)) throw NoPath();
        if (parsed.Namespace is not null && !resource.Kind.Namespaced) throw NoPath();
        var request = new ApiRequest(http, user, resource, parsed);
        if (resource == Registry.Pods && parsed.Subresource is "exec" or "attach" or "portforward" or "log")
            return user.MayWrite ? pods.Handle(request) : throw Forbidden(user, http);
        return objects.Handle(request);
    }

    private JsonObject? Document(HttpContext http, string path)
    {
        var accept = http.Request.Headers.Accept.ToString();
        switch (path)
        {
            case "/version":
                return new JsonObject
                {
                    ["major"] = Major, ["minor"] = Minor,
                    ["gitVersion"] = $"v{Major}.{Minor}.0-dataplane.{DaemonVersion.Text}",
                    ["gitCommit"] = "", ["gitTreeState"] = "clean", ["buildDate"] = "1970-01-01T00:00:00Z",
                    ["goVersion"] = "", ["compiler"] = "", ["platform"] = "linux/amd64",
                };
            case "":
                return new JsonObject { ["paths"] = new JsonArray("/api", "/apis", "/healthz", "/openapi/v2",
                    "/openapi/v3", "/version") };
            case "/api" or "/apis" when accept.Contains("g=apidiscovery.k8s.io", StringComparison.Ordinal):
                var version = accept.Contains("v=v2;", StringComparison.Ordinal)
                    || accept.Contains("v=v2,", StringComparison.Ordinal) ? "v2" : "v2beta1";
                http.Response.OnStarting(() =>
                {
                    http.Response.ContentType =
                        $"{Answer.Json};g=apidiscovery.k8s.io;v={version};as=APIGroupDiscoveryList";
                    return Task.CompletedTask;
                });
                return _discovery.Aggregated(path == "/api", version);
            case "/api":
                return Discovery.Core();
            case "/apis":
                return _discovery.Groups();
        }
        return path.Trim('/').Split('/') switch
        {
            ["api", var v] => _discovery.Resources("", v),
            ["apis", var group] => _discovery.Group(group),
            ["apis", var group, var v] => _discovery.Resources(group, v),
            _ => null,
        };
    }

    private async Task Review(HttpContext http, string path, ApiUser user)
    {
        var asked = await bodies.RequiredObject(http);
        await Answer.Write(http, Reviews.Answer(path, asked, user) ?? throw NoPath(), 201);
    }

    private static StatusException NoPath() =>
        new(StatusReason.NotFound, "the server could not find the requested resource");

    private static StatusException Forbidden(ApiUser user, HttpContext http) => new(StatusReason.Forbidden,
        $"user \"{user.Name}\" may read only: {http.Request.Method} {http.Request.Path} needs the "
            + "administrator's token");

    [LoggerMessage(341, LogLevel.Error, "Kubernetes API: {Method} {Path} failed")]
    private static partial void Failed(ILogger log, Exception e, string method, string path);
}
