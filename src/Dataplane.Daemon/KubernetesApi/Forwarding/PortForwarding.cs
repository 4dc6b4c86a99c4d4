using System.Net.Sockets;
using System.Text;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Spdy;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Host;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Node.Live;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.KubernetesApi.Forwarding;

/// <summary>kubectl port-forward: connections of a client to ports in a pod.</summary>
internal sealed partial class PortForwarding(DaemonContext context)
{
    /// <summary>Maximum number of clients at a time.</summary>
    private const int MaxClients = 32;

    private const string Protocol = "portforward.k8s.io";

    private static readonly ApiResource Pods = ApiResources.BuiltIn.Single(r => r.Kind == ObjectKinds.Pod);

    private readonly Streaming _clients = new(MaxClients, "clients forward ports already");
    private readonly ILogger _log = context.Logs.CreateLogger<PortForwarding>();

    /// <exception cref="StatusException">There is no such pod, it has no network, or the client speaks something else.
    /// </exception>
    /// <exception cref="ApiProblem">There are too many clients.</exception>
    public Task Run(HttpContext http, string ns, string name)
    {
        var pod = Find(ns, name);
        return _clients.Run(http, async stop =>
        {
            await using var transport = await SpdyTransport.AcceptAsync(http, Protocol);
            Began(_log, pod.Pod.Name);
            var error = await ServeAsync(transport, pod, stop);
            if (error is null) Ended(_log, pod.Pod.Name);
            else Broke(_log, pod.Pod.Name, error);
        });
    }

    private LivePod Find(string ns, string name)
    {
        var (snapshot, full) = (context.Reconciler.Current, $"{ns}/{name}");
        if (snapshot.Pods.Named(full, p => p.Pod.Name) is { } pod)
        {
            return pod.NetnsName is not null || pod.NetnsPath is not null ? pod : throw StatusException.BadRequest(
                $"pod {full} has no network: the node is simulated; start the daemon without --simulate");
        }
        throw snapshot.Cluster.Pods.Named(full, p => p.Name) is null
            ? StatusException.NotFound(Pods, name)
            : StatusException.BadRequest($"unable to forward port because pod {full} is not attached to this node");
    }

    private async Task<string?> ServeAsync(Stream transport, LivePod pod, CancellationToken stop)
    {
        using var connection = new SpdyConnection(transport);
        var (pairs, running) = (new ForwardedPairs(), new List<Task>());
        try
        {
            return await connection.RunAsync(stream =>
            {
                running.RemoveAll(t => t.IsCompleted);
                running.Add(OpenedAsync(pairs, stream, pod, stop));
            }, stop);
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task OpenedAsync(ForwardedPairs pairs, SpdyStream stream, LivePod pod, CancellationToken stop)
    {
        try
        {
            if (pairs.Add(stream) is { } pair) await ForwardAsync(pair, pod, stop);
        }
        catch (FormatException e)
        {
            Refused(_log, pod.Pod.Name, e.Message);
            await stream.RefuseAsync(stop);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One of the two has gone; the other has been told, or has gone as well.
        }
    }

    private async Task ForwardAsync(ForwardedPair pair, LivePod pod, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, pair.Data.Aborted);
        try
        {
            using var socket = await PodLoopback.ConnectAsync(pod, pair.Port, end.Token);
            await ForwardedConnection.CopyAsync(pair.Data, socket, end.Token);
        }
        catch (Exception e) when (e is IOException or SocketException && !end.IsCancellationRequested)
        {
            Failed(_log, pod.Pod.Name, pair.Port, e.Message);
            await pair.Error.WriteAsync(Encoding.UTF8.GetBytes(
                $"error forwarding port {pair.Port} to pod {pod.Pod.Name}, uid : {e.Message}"), stop);
            await pair.Data.RefuseAsync(stop);
        }
        finally
        {
            // The client waits for the end of both.
            await pair.Error.FinishAsync(stop);
            await pair.Data.Input.CompleteAsync();
        }
    }

    [LoggerMessage(360, LogLevel.Information, "port-forward: a client forwards ports to pod {Pod}")]
    private static partial void Began(ILogger log, string pod);

    [LoggerMessage(361, LogLevel.Information, "port-forward: a client of pod {Pod} has left")]
    private static partial void Ended(ILogger log, string pod);

    [LoggerMessage(362, LogLevel.Warning, "port-forward: the connection of a client of pod {Pod} broke: {Error}")]
    private static partial void Broke(ILogger log, string pod, string error);

    [LoggerMessage(363, LogLevel.Warning, "port-forward: a client of pod {Pod} opened a stream in vain: {Error}")]
    private static partial void Refused(ILogger log, string pod, string error);

    [LoggerMessage(364, LogLevel.Information, "port-forward: port {Port} of pod {Pod}: {Error}")]
    private static partial void Failed(ILogger log, string pod, int port, string error);
}
