using System.Net.Sockets;
using Dataplane.Cli.Capture;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Node.Observation;

namespace Dataplane.Integration.Observation;

/// <summary>A pod's frames, each with what became of it, in a file that others read.</summary>
public sealed class CaptureTests
{
    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Every_frame_has_its_verdict(AddressFamily family)
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        using var output = new MemoryStream();
        using var capture = Capture(node, "x/a", output);
        using (var talk = new UdpTalk(node, "x/a", "x/b", 80, family)) talk.BothWays();
        node.Send("x/a", "x/c", 53, family);
        // Between others: none of this pod's.
        node.Send("x/c", "x/b", 9, family);
        var frames = AwaitFrames(capture, output, 4);

        var (a, b, c) = (Text("x/a"), Text("x/b"), Text("x/c"));
        Assert.Equal(
        [
            $"x/a sent {a} > {b}: allowed",
            $"x/a received {b} > {a}: allowed",
            $"x/a sent {a} > {c}: denied (egress): policy x/a-out test.yaml:5",
            $"drop log {a} > {c}: denied (egress): policy x/a-out test.yaml:5",
        ], frames.Select(Line).OrderBy(l => l.StartsWith("drop", StringComparison.Ordinal)));

        string Text(string pod) => node.Pod(pod).Address(family)!.ToString();
    }

    [Fact]
    public void Equal_packets_are_told_apart_by_their_order_and_the_node_has_no_verdict()
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        using var output = new MemoryStream();
        using var capture = Capture(node, "x/a", output);
        node.Send("x/a", "x/b", 80, times: 2);
        using (var socket = PodSocket.Open(node.Session, node.Pod("x/a"), AddressFamily.InterNetwork, SocketType.Dgram,
            ProtocolType.Udp))
        {
            socket.SendTo("x"u8, new System.Net.IPEndPoint(node.Cluster.Node.IPv4!, 9));
        }
        // Both answer with port unreachable, no more often than the kernel's limit for such errors.
        var frames = AwaitFrames(capture, output, 2 + 2 + 2);
        Assert.Equal(2, frames.Count(f => Line(f).EndsWith("> 10.244.0.3: allowed", StringComparison.Ordinal)));
        Assert.Single(frames, f => f is { Incoming: true, Comment: null });
    }

    [Fact]
    public void What_was_dropped_on_its_way_to_the_pod_is_in_the_drop_log()
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        using var output = new MemoryStream();
        using var capture = Capture(node, "x/b", output);
        node.Send("x/c", "x/b", 80);
        var frame = Assert.Single(AwaitFrames(capture, output, 1));
        Assert.Equal("drop log 10.244.0.4 > 10.244.0.3: denied (ingress): policy x/b-in test.yaml:6", Line(frame));
    }

    [Fact]
    public void A_reader_that_falls_behind_is_told_how_much_it_missed()
    {
        const int Sent = 40_000;
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        using var output = new MemoryStream();
        using var capture = Capture(node, "x/a", output, snapLength: 1500);
        node.Send("x/a", "x/c", 9, times: Sent);
        long dropped = 0;
        Assert.True(SpinWait.SpinUntil(() =>
        {
            capture.Advance(long.MaxValue);
            return PcapngFile.Read(output.ToArray(), out dropped).Any(f => f.Interface == "x/a")
                && !capture.Advance(long.MaxValue);
        }, PodSocket.Patience));
        var seen = PcapngFile.Read(output.ToArray(), out dropped).Count;
        Assert.True(dropped > 0);
        // Each packet is a frame of the pod and an entry of the drop log.
        // A pod reports its multicast groups (MLD) once in a while, and such a frame may be among the dropped.
        Assert.InRange(seen + dropped, 2 * Sent, 2 * Sent + 20);
    }

    /// <summary>
    /// Both accept: a filter, and that it is this pod's. Verdicts come from frames and log entries that the filter need
    /// not take.
    /// </summary>
    [Theory]
    [InlineData("udp port 80", 80, 53)]
    [InlineData("ether[6:2] = 0x0200 and ip[8] = 64 and not udp port 53", 80, 53)]
    public void A_filter_takes_frames_and_leaves_them_their_verdicts(string expression, ushort taken, ushort left)
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        using var output = new MemoryStream();
        var filter = FilterProgram.TryCreate(
            [.. PcapFilter.Compile(expression).Select(i => new SockFilter(i.Code, i.Jt, i.Jf, i.K))], out var error);
        Assert.Null(error);
        using var capture = Capture(node, "x/a", output, filter: filter);
        node.Send("x/a", "x/b", left);
        node.Send("x/a", "x/c", left);
        node.Send("x/a", "x/b", taken);
        var frames = AwaitFrames(capture, output, 1).Where(f => f.Interface == "x/a");
        Assert.Equal([$"x/a sent {node.Pod("x/a").IPv4} > {node.Pod("x/b").IPv4}: allowed"], frames.Select(Line));
    }

    [Fact]
    public void A_filter_holds_for_the_drop_log_too()
    {
        using var node = new WatchedNode(WatchedNode.TwoPods().Cluster);
        using var output = new MemoryStream();
        var filter = FilterProgram.TryCreate(
            [.. PcapFilter.Compile("udp port 9").Select(i => new SockFilter(i.Code, i.Jt, i.Jf, i.K))], out _);
        using var capture = Capture(node, "x/a", output, filter: filter);
        node.Send("x/a", "x/c", 53);
        node.Send("x/a", "x/c", 9);
        Assert.Equal(["drop log", "x/a"],
            AwaitFrames(capture, output, 2).Select(f => f.Interface).Order(StringComparer.Ordinal));
    }

    private static PodCapture Capture(WatchedNode node, string pod, Stream output, int snapLength = 256,
        FilterProgram? filter = null)
    {
        var attachment = node.Session.Node.Attachments.Single(a => a.Endpoint == node.Pod(pod));
        return new PodCapture(node.Session.Node.Netns, node.Drops, node.Flows, attachment.PortIndex,
            node.Session.Node.BridgeIndex, attachment.Addresses, pod, snapLength, output, filter);
    }

    private static List<PcapngFrame> AwaitFrames(PodCapture capture, MemoryStream output, int count)
    {
        List<PcapngFrame> frames = [];
        SpinWait.SpinUntil(() =>
        {
            capture.Advance(long.MaxValue);
            // Reports of multicast groups (MLD) come when they like.
            frames = [.. PcapngFile.Read(output.ToArray(), out var dropped)
                .Where(f => !Line(f).Contains("> ff02::", StringComparison.Ordinal))];
            Assert.Equal(0, dropped);
            return frames.Count >= count;
        }, PodSocket.Patience);
        Assert.True(frames.Count == count, string.Join('\n', frames.Select(Line)));
        return frames;
    }

    private static string Line(PcapngFrame frame)
    {
        Assert.True(EthernetView.TryParse(frame.Data, out var ethernet));
        if (!IpView.TryParse(ethernet.Payload, out var ip)) return FrameText.Summarise(frame.Data);
        return $"{frame.Interface}{frame.Incoming switch { null => "", true => " sent", false => " received" }} "
            + $"{ip.Source} > {ip.Destination}: {frame.Comment}";
    }

    /// <summary>A program at both ends, so that there are answers.</summary>
    private sealed class UdpTalk : IDisposable
    {
        private readonly Socket _client, _server;

        public UdpTalk(WatchedNode node, string from, string to, int port, AddressFamily family)
        {
            _client = PodSocket.Open(node.Session, node.Pod(from), family, SocketType.Dgram, ProtocolType.Udp);
            _server = PodSocket.Open(node.Session, node.Pod(to), family, SocketType.Dgram, ProtocolType.Udp);
            _server.Bind(new System.Net.IPEndPoint(node.Pod(to).Address(family)!, port));
            _client.Connect(node.Pod(to).Address(family)!, port);
        }

        public void BothWays()
        {
            var buffer = new byte[16];
            _client.Send("ping"u8);
            System.Net.EndPoint peer = new System.Net.IPEndPoint(_server.AddressFamily == AddressFamily.InterNetwork
                ? System.Net.IPAddress.Any
                : System.Net.IPAddress.IPv6Any, 0);
            _server.ReceiveFrom(buffer, ref peer);
            _server.SendTo("pong"u8, peer);
            _client.Receive(buffer);
        }

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }
    }
}
