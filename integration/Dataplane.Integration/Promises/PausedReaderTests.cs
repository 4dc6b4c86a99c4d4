using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Integration.Promises;

/// <summary>A follower may stop reading and continue later: it is told how many entries were lost.</summary>
public sealed class PausedReaderTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private const int Ports = 12_000, Marker = 40_000, FrameBytes = 1200;

    [Fact]
    public void Flows_and_captures_go_on_behind_a_pause()
    {
        using var daemon = new DaemonProcess();
        daemon.Apply("pods.yaml", Steady.Pods);
        using var follower = new Command(daemon.Socket, "flows", "-f", "-o", "json");
        using var capture = new Command(daemon.Socket, "capture", Steady.Server, "-w", "-");
        var (client, server) = (Steady.Of(daemon, Steady.Client), Steady.Of(daemon, Steady.Server));
        using var here = Steady.NetnsOf(daemon, Steady.Client);
        using var sender = PodSocket.Open(here, IPAddress.Parse(client.IPv4!), SocketType.Dgram, ProtocolType.Udp);
        var to = IPAddress.Parse(server.IPv4!);
        // Both are listening once one of these is told.
        var first = Ports;
        var (line, head) = (follower.Output.ReadLineAsync(), capture.Output.ReadAsync(new char[1]).AsTask());
        Steady.Until(() =>
        {
            sender.SendTo("x"u8, new IPEndPoint(to, ++first));
            return line.Wait(Beat) && head.IsCompleted;
        }, "both listen");
        // More than all buffers on the way hold.
        var payload = new byte[FrameBytes];
        for (var port = 1; port <= Ports; port++) sender.SendTo(payload, new IPEndPoint(to, port));
        var (told, lost) = (0L, 0L);
        while (told + lost < Ports)
        {
            var entry = Next(follower);
            if (entry.Verdict == "lost") lost += entry.Count;
            else told++;
        }
        Assert.True(told > 1000 && lost > 0, $"{told} told, {lost} lost: the reader had room for all");
        sender.SendTo(payload, new IPEndPoint(to, Marker));
        while (Next(follower).Port != Marker)
        {
        }
        follower.Signal("INT");
        capture.Signal("INT");
        Assert.Equal(0, follower.End().ExitCode);
        Assert.Equal(0, capture.End().ExitCode);
        Assert.Null(daemon.Status().Problem);
        ThreadHome.AssertAllHome();
    }

    private static FlowEntry Next(Command follower)
    {
        var line = follower.Output.ReadLineAsync();
        Assert.True(line.Wait(PodSocket.Patience), "nothing is told any more");
        Assert.NotNull(line.Result);
        return JsonSerializer.Deserialize(line.Result, ApiJson.Default.FlowEntry)!;
    }
}
