using Dataplane.Daemon.Api;
using Dataplane.Daemon.Host;
using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dataplane.Daemon.Observation;

/// <summary>capture: a pod's frames as pcapng, until the client goes or has as many as it wanted. Who reads slowly loses frames, and the file says how many.</summary>
internal static class CaptureEndpoint
{
    private const int DefaultSnapLength = 1600;

    /// <summary>Each has some 10 MB.</summary>
    private const int MaxCaptures = 8;

    /// <summary>Between two looks when there was nothing to see.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private static int running;

    public static void MapCapture(this IEndpointRouteBuilder routes, Observatory observatory) =>
        routes.MapGet(ApiPaths.Capture, (RequestDelegate)(http => Capture(http, observatory)));

    private static async Task Capture(HttpContext http, Observatory observatory)
    {
        var query = new Query(http, "pod", "count", "snaplen");
        var pod = query.Text("pod") ?? throw Problems.InvalidQuery("pod: namespace/name is needed");
        var count = query.Number("count", 1, int.MaxValue, int.MaxValue);
        var snapLength = query.Number("snaplen", EthernetView.HeaderLength, PodCapture.MaxSnapLength, DefaultSnapLength);
        try
        {
            if (Interlocked.Increment(ref running) > MaxCaptures) throw Problems.Busy($"{MaxCaptures} captures run already");
            using var output = new MemoryStream();
            using var capture = observatory.Capture(pod, snapLength, output) ?? throw Problems.NoPod(pod);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted,
                http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            http.Response.ContentType = "application/x-pcapng";
            http.MayPause();
            await Stream(http, capture, output, count, stop.Token);
        }
        finally
        {
            Interlocked.Decrement(ref running);
        }
    }

    private static async Task Stream(HttpContext http, PodCapture capture, MemoryStream output, long count, CancellationToken stop)
    {
        try
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
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client has gone, or the daemon goes.
        }
    }
}
