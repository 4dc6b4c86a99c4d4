using System.Globalization;
using Dataplane.Cli.Page;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Dataplane.Cli.Ui;

/// <summary>What each path of the page's server answers.</summary>
/// <param name="ending">The server ends: so do answers that have no end.</param>
internal sealed class UiAnswers(LiveState state, UiAccess access, CancellationToken ending)
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task Answer(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (!UiAccess.IsOurs(http.Request)) return Refuse(http, StatusCodes.Status403Forbidden, "not for this host");
        if (!HttpMethods.IsGet(http.Request.Method))
            return Refuse(http, StatusCodes.Status405MethodNotAllowed, "it only reads");
        switch (http.Request.Path.Value)
        {
            case "/":
                return File(http, PageHtml.Live(), "text/html; charset=utf-8");
            case "/viewer.js":
                return File(http, ViewerFiles.Script, "text/javascript; charset=utf-8");
            case "/viewer.css":
                return File(http, ViewerFiles.Style, "text/css; charset=utf-8");
            case "/data" or "/why" or "/events" when !access.HasToken(http.Request):
                return Refuse(http, StatusCodes.Status401Unauthorized, "no token");
            case "/data":
                return state.Page is { } page ? File(http, page.Json, "application/json")
                    : Refuse(http, StatusCodes.Status503ServiceUnavailable, "the daemon has not answered yet");
            case "/why":
                return Why(http);
            case "/events":
                return Events(http);
            default:
                return Refuse(http, StatusCodes.Status404NotFound, "no such page");
        }
    }

    private Task Why(HttpContext http)
    {
        var query = http.Request.Query;
        if (state.Page is not { } page || Number("generation") != page.Generation)
            return Refuse(http, StatusCodes.Status409Conflict, "the state is another one");
        return page.Why((int)Number("from"), (int)Number("to"), query["protocol"].ToString(), (int)Number("port"),
            query["family"].ToString()) is { } answer
            ? File(http, PageJson.Of(answer), "application/json")
            : Refuse(http, StatusCodes.Status404NotFound, "no such flow");

        long Number(string name) => int.TryParse(
            query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    private async Task Events(HttpContext http)
    {
        if (state.Listen() is not var (beginning, channel))
        {
            await Refuse(http, StatusCodes.Status503ServiceUnavailable, "too many pages are open");
            return;
        }
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, ending);
            http.Response.ContentType = "text/event-stream";
            // A tab in the background may read late.
            if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
            foreach (var told in beginning) await http.Response.Body.WriteAsync(told.Bytes, stop.Token);
            await http.Response.Body.FlushAsync(stop.Token);
            await foreach (var told in channel.Reader.ReadAllAsync(stop.Token))
            {
                await http.Response.Body.WriteAsync(told.Bytes, stop.Token);
                await http.Response.Body.FlushAsync(stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page is closed, or the command ends.
        }
        finally
        {
            state.Listeners.Remove(channel);
        }
    }

    private static Task File(HttpContext http, ReadOnlyMemory<byte> content, string type)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        return http.Response.Body.WriteAsync(content, http.RequestAborted).AsTask();
    }

    private static Task Refuse(HttpContext http, int status, string why)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync($"{why}\n", http.RequestAborted);
    }
}
