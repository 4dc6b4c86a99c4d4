using System.Net;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Supervisor.Probing;

/// <summary>What is done to a container over the network, from this process's namespace.</summary>
internal static class NetworkProbe
{
    /// <param name="pod">The pod's address; null: it has none, and all fails.</param>
    /// <param name="time">After which it has failed.</param>
    /// <param name="done">Told whether it succeeded, by any thread.</param>
    public static async Task RunAsync(ContainerAction action, IPAddress? pod, TimeSpan time, Action<bool> done)
    {
        var isGood = false;
        using var limit = new CancellationTokenSource(time);
        try
        {
            isGood = pod is not null && action switch
            {
                ContainerAction.Http http => await HttpProbe.RunAsync(http, pod, limit.Token),
                ContainerAction.Tcp tcp => await TcpProbe.RunAsync(tcp, pod, limit.Token),
                _ => false,
            };
        }
        catch (Exception)
        {
            // Refused, cut off, too slow, no TLS: whatever it was, it failed.
        }
        done(isGood);
    }
}
