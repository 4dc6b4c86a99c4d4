using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Linux.Native;
using Dataplane.Node.Observation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Observation;

/// <summary>capture: a pod's frames as pcapng, until the client goes or has as many as it wanted. Who reads slowly loses frames, and the file says how many.</summary>
internal static class CaptureEndpoint
{
    /// <summary>Each has some 10 MB.</summary>
    private const int MaxCaptures = 8;

    /// <summary>Between two looks when there was nothing to see.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static readonly Streaming Captures = new(MaxCaptures, "captures run already");

    public static void MapCapture(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapGet(ApiPaths.Capture, (RequestDelegate)(http =>
        {
            context.RequirePackets();
            return Capture(http, context.Observatory, CaptureWish.Of(new Query(http, "pod", "count", "snaplen")));
        }));
        routes.MapPost(ApiPaths.Capture, (RequestDelegate)(async http =>
        {
            context.RequirePackets();
            // The body is let go before the capture runs, which may be for days.
            var wish = await Read(http);
            await Capture(http, context.Observatory, wish);
        }));
    }

    private static Task<CaptureWish> Read(HttpContext http) =>
        JsonBody.Read(http, ApiJson.Default.CaptureRequest, request => Task.FromResult(CaptureWish.Of(request)));

    private static Task Capture(HttpContext http, Observatory observatory, CaptureWish wish) => Captures.Run(http, async stop =>
    {
        using var output = new MemoryStream();
        using var capture = Open(observatory, wish, output);
        http.Response.ContentType = "application/x-pcapng";
        await Stream(http, capture, output, wish.Count, stop);
    });

    private static PodCapture Open(Observatory observatory, CaptureWish wish, MemoryStream output)
    {
        try
        {
            return observatory.Capture(wish.Pod, wish.SnapLength, output, wish.Filter) ?? throw Problems.NoPod(wish.Pod);
        }
        catch (LinuxException e)
        {
            throw Problems.KernelRefused(e);
        }
    }

    private static async Task Stream(HttpContext http, PodCapture capture, MemoryStream output, long count, CancellationToken stop)
    {
        // Without an end where no count was given.
        while (capture.Written < count)
        {
            var isActive = capture.Advance(count - capture.Written);
            if (output.Length > 0)
            {
                await http.Response.Body.WriteAsync(output.GetBuffer().AsMemory(0, (int)output.Length), stop);
                await http.Response.Body.FlushAsync(stop);
                output.SetLength(0);
            }
            if (!isActive) await Task.Delay(Pause, stop);
        }
    }
}
