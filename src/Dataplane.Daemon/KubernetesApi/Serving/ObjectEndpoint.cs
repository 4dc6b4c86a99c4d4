using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.KubernetesApi.Changes;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>Requests about objects: each verb of the API by its method and path.</summary>
internal sealed class ObjectEndpoint
{
    private readonly ServedState _served;
    private readonly TableMaker _tables;
    private readonly Listing _listing;
    private readonly Watching _watching;
    private readonly Creating _creating;
    private readonly Updating _updating;
    private readonly Deleting _deleting;
    private readonly Bodies _bodies;

    public ObjectEndpoint(ServedState served, ObjectWriter writer, Bodies bodies)
    {
        var fields = new Fields(served.Kinds);
        (_served, _bodies, _tables) = (served, bodies, new TableMaker(served.Kinds));
        (_listing, _watching) = (new Listing(served, _tables), new Watching(served, _tables));
        _deleting = new Deleting(served, writer, new Restarting(served, writer));
        _creating = new Creating(served, writer, fields);
        _updating = new Updating(served, writer, fields, _creating, new Finalizing(_deleting));
    }

    /// <exception cref="StatusException">It is refused.</exception>
    public Task Handle(ApiRequest request)
    {
        var method = request.Http.Request.Method;
        if (request.Path.Subresource is { } sub && sub is not ("status" or "finalize"))
        {
            return sub == "scale" ? Scale(request, method) : sub == "eviction" ? Evict(request, method)
                : throw NoMethod(request);
        }
        return (method, request.Path.Name) switch
        {
            ("GET" or "HEAD", null) when request.Path.IsWatch || request.Flag("watch") => _watching.Write(request),
            ("GET" or "HEAD", null) => _listing.Write(request),
            ("GET", _) when request.Path.IsWatch || request.Flag("watch") => _watching.Write(request),
            ("GET" or "HEAD", _) => Get(request),
            ("POST", null) when IsOne(request) => Create(request),
            ("PUT", not null) => Replace(request),
            ("PATCH", not null) => Patch(request),
            ("DELETE", not null) => Delete(request),
            ("DELETE", null) when IsOne(request) && request.Resource.HasDeleteCollection => DeleteAll(request),
            _ => throw NoMethod(request),
        };
    }

    /// <summary>The path is of one collection, not of those of all namespaces: they are only read together.</summary>
    private static bool IsOne(ApiRequest request) =>
        request.Path.Namespace is not null || !request.Resource.Kind.Namespaced;

    private async Task Get(ApiRequest request)
    {
        var presentation = Presentation.Of(request, _tables);
        await Answer.Write(request.Http, presentation.One(await Find(request)));
    }

    private async Task<ServedObject> Find(ApiRequest request)
    {
        var current = await _served.CurrentAsync(request.Resource, request.Stop);
        return current.Of(request.Resource.Path).GetValueOrDefault(request.FullName)
            ?? throw StatusException.NotFound(request.Resource, request.Path.Name!);
    }

    private async Task Create(ApiRequest request)
    {
        var presentation = Presentation.Of(request, _tables);
        var given = await _bodies.RequiredObject(request.Http);
        await Write(request, presentation, await _creating.CreateAsync(request, given), 201);
    }

    private async Task Replace(ApiRequest request)
    {
        var presentation = Presentation.Of(request, _tables);
        var given = await _bodies.RequiredObject(request.Http);
        await Write(request, presentation, await _updating.ReplaceAsync(request, given), 200);
    }

    private async Task Patch(ApiRequest request)
    {
        var presentation = Presentation.Of(request, _tables);
        var patch = await _bodies.RequiredNode(request.Http);
        var (written, isNew) = await _updating.PatchAsync(request, patch);
        await Write(request, presentation, written, isNew ? 201 : 200);
    }

    /// <param name="presentation">Chosen before the change: who takes no JSON changes nothing.</param>
    private static Task Write(ApiRequest request, Presentation presentation, Written written, int code)
    {
        Warn(request.Http, written.Warnings);
        return Answer.Write(request.Http, presentation.One(written.Object), code);
    }

    private async Task Delete(ApiRequest request)
    {
        var options = await _bodies.Object(request.Http);
        await Answer.Write(request.Http, await _deleting.DeleteAsync(request, options));
    }

    private async Task DeleteAll(ApiRequest request)
    {
        var options = await _bodies.Object(request.Http);
        var all = await _deleting.DeleteAllAsync(request, options);
        await Answer.Write(request.Http,
            Presentation.Of(request, _tables).List(all, _served.Objects.Current.Version, null, null));
    }

    private async Task Scale(ApiRequest request, string method)
    {
        var seen = await Find(request);
        if (method is "GET" or "HEAD")
        {
            await Answer.Write(request.Http, Scaling.Of(seen));
            return;
        }
        if (method is not ("PUT" or "PATCH")) throw NoMethod(request);
        var given = await _bodies.RequiredNode(request.Http);
        var type = method == "PUT" ? Answer.Json : Bodies.MediaTypeOf(request.Http);
        var change = Scaling.Change(seen, given, type, request.Resource);
        var whole = request with { Path = request.Path with { Subresource = null } };
        request.Http.Request.ContentType = "application/merge-patch+json";
        var (written, _) = await _updating.PatchAsync(whole, change);
        Warn(request.Http, written.Warnings);
        await Answer.Write(request.Http, Scaling.Of(written.Object));
    }

    /// <summary>policy/v1 Eviction: a deletion that budgets could forbid; none does here.</summary>
    private async Task Evict(ApiRequest request, string method)
    {
        if (method != "POST") throw NoMethod(request);
        var given = await _bodies.Object(request.Http);
        var whole = request with { Path = request.Path with { Subresource = null } };
        await _deleting.DeleteAsync(whole, given?["deleteOptions"] as JsonObject);
        await Answer.Write(request.Http, Answer.Success([]), 201);
    }

    /// <summary>RFC 7234: code 299, no agent, the text in quotes.</summary>
    private static void Warn(HttpContext http, IReadOnlyList<string> warnings)
    {
        const int Most = 10, Longest = 256;
        foreach (var warning in warnings.Distinct().Take(Most))
        {
            var text = new string([.. warning.Take(Longest).Select(c => c is < ' ' or > '~' ? '?' : c)])
                .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            http.Response.Headers.Append("Warning", $"299 - \"{text}\"");
        }
    }

    private static StatusException NoMethod(ApiRequest request) => new(StatusReason.MethodNotAllowed,
        "the server does not allow this method on the requested resource") { Resource = request.Resource };
}
