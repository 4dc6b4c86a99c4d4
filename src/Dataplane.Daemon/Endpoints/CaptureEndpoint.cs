using Dataplane.Api;
using Dataplane.Control.Refusals;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Observation;
using Dataplane.Linux.Native;
using Dataplane.Node.Observation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>
/// capture: a pod's frames as pcapng, until the client disconnects or has as many as it asked for. A slow reader loses
/// frames, and the file says how many.
/// </summary>
internal static class CaptureEndpoint
{
    /// <summary>Maximum number of captures; each takes about 10 MB.</summary>
    private const int MaxCaptures = 8;

    /// <summary>Interval between reads of the ring while it is empty.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static readonly Streaming Captures = new(MaxCaptures, "captures run already");

    public static void MapCapture(this IEndpointRouteBuilder routes, DaemonContext context)
    {
        routes.MapGet(ApiPaths.Capture, (RequestDelegate)(http =>
        {
            context.RequirePackets();
            return Capture(http, context.Observatory, AskedCapture.Of(new Query(http, "pod", "count", "snaplen")));
        }));
        routes.MapPost(ApiPaths.Capture, (RequestDelegate)(http => CaptureFiltered(http, context)));
    }

    private static async Task CaptureFiltered(HttpContext http, DaemonContext context)
    {
        context.RequirePackets();
        // The body is released before the capture runs, which may take days.
        var asked = await context.Bodies.Read(http, ApiJson.Default.CaptureRequest, Read);
        await Capture(http, context.Observatory, asked);
    }

    private static Task<AskedCapture> Read(CaptureRequest request) => Task.FromResult(AskedCapture.Of(request));

    private static Task Capture(HttpContext http, Observatory observatory, AskedCapture asked) =>
        Captures.Run(http, async stop =>
        {
            using var output = new MemoryStream();
            using var capture = Open(observatory, asked, output);
            http.Response.ContentType = "application/x-pcapng";
            await Stream(http, capture, output, asked.Count, stop);
        });

    private static PodCapture Open(Observatory observatory, AskedCapture asked, MemoryStream output)
    {
        try
        {
            return observatory.Capture(asked.Pod, asked.SnapLength, output, asked.Filter)
                ?? throw Problems.NoPod(asked.Pod);
        }
        catch (LinuxException e)
        {
            throw RefusalException.Kernel(e);
        }
    }

    private static async Task Stream(
        HttpContext http, PodCapture capture, MemoryStream output, long count, CancellationToken stop)
    {
        // Without a count this has no end.
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
