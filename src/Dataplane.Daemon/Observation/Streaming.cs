using Dataplane.Daemon.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Dataplane.Daemon.Observation;

/// <summary>Answers without an end: so many of a kind at a time.</summary>
/// <param name="places">At the most.</param>
/// <param name="taken">What to tell whoever finds no place, behind their number: <c>captures run already</c>.</param>
internal sealed class Streaming(int places, string taken)
{
    private int _running;

    /// <summary>
    /// Runs an answer until it ends, the client goes or the daemon does. Its reader may stop for a while, as in a pager: no rate is asked of
    /// the client, so what waits for it must be bounded.
    /// </summary>
    /// <exception cref="ApiProblem">There is no place.</exception>
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
                // The client has gone, or the daemon goes: the end of the answer.
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
