using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dataplane.Daemon.Host;

/// <summary>Answers without an end, of one kind; their number is limited.</summary>
/// <param name="places">Maximum number at a time.</param>
/// <param name="taken">
/// Follows the number in the message to a client that is refused: <c>captures run already</c>.
/// </param>
internal sealed class Streaming(int places, string taken)
{
    private int _running;

    /// <summary>
    /// Runs an answer until it ends, the client disconnects or the daemon stops. The reader may pause, as in a pager:
    /// no rate is required of the client, so the memory of what waits for it must be bounded.
    /// </summary>
    /// <exception cref="ApiProblem">All places are taken.</exception>
    public async Task Run(HttpContext http, Func<CancellationToken, Task> answer)
    {
        try
        {
            if (Interlocked.Increment(ref _running) > places) throw Problems.Busy($"{places} {taken}");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted,
                http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            MayPause(http);
            try
            {
                await answer(stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The client has disconnected, or the daemon stops: the end of the answer.
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    internal static void MayPause(HttpContext http)
    {
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
    }
}
