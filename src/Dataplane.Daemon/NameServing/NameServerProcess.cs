using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dataplane.Daemon.Configuration;
using Dataplane.Dns.Feeding;
using Dataplane.Node.Live;

namespace Dataplane.Daemon.NameServing;

/// <summary>The process that answers in the pod of the name server. It outlives the daemon.</summary>
internal static class NameServerProcess
{
    private const string Answering = "answering";

    /// <summary>A connection to the server of the pod: to the one that is there, or to a new one.</summary>
    /// <exception cref="IOException">It does not start; the message says why.</exception>
    public static async Task<FeedClient> ConnectAsync(DaemonOptions options, LivePod pod, CancellationToken stop)
    {
        var path = NameServerFiles.PathOf(options, pod.NetnsName!);
        NameServerFiles.End(options.NodeName, keep: path);
        try
        {
            return await FeedClient.ConnectAsync(path, stop);
        }
        catch (SocketException)
        {
            await StartAsync(options, pod, path, stop);
            return await FeedClient.ConnectAsync(path, stop);
        }
    }

    private static async Task StartAsync(DaemonOptions options, LivePod pod, string feed, CancellationToken stop)
    {
        var start = new ProcessStartInfo(options.Program, ["dns-server", "--netns", pod.NetnsName!, "--feed", feed,
            .. new[] { pod.Pod.IPv4, pod.Pod.IPv6 }.OfType<IPAddress>()
                .SelectMany(a => (string[])["--address", $"{a}"]),
            .. options.DnsUpstreams.SelectMany(u => (string[])["--upstream", $"{u}"])])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // It has nothing to say to the daemon's service manager.
        start.Environment.Remove("NOTIFY_SOCKET");
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadLineAsync(stop);
        if (said == Answering) return;
        var error = await process.StandardError.ReadLineAsync(stop);
        throw new IOException($"it does not start: {error ?? said ?? "it says nothing"}");
    }
}
