using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.Attacks;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
namespace Dataplane.Integration.HostNode;

/// <summary>
/// Programs of the machine that listen on the loopback, where route_localnet lets packets from elsewhere reach it:
/// those of pods do not. (Kubernetes' proxy sets it, for all interfaces.)
/// </summary>
public sealed class LoopbackTests
{
    private const int Port = 5_005;

    [Theory]
    [InlineData(AddressFamily.InterNetwork, "127.0.0.1")]
    [InlineData(AddressFamily.InterNetwork, "127.9.9.9")]
    [InlineData(AddressFamily.InterNetworkV6, "::1")]
    public void No_pod_reaches_who_listens_on_the_loopback(AddressFamily family, string loopback)
    {
        using var host = new FakeHost();
        using var daemon = new DaemonProcess(host.Netns, "--node", "host");
        daemon.Apply("pods.yaml", Yaml.Pod("a"));
        Sysctl.Write(host.Netns.Netns, new SysctlSetting("net/ipv4/conf/all/route_localnet", "1"));
        var pod = daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Single();
        using var a = Netns.Open(pod.Netns!);
        var isFour = family == AddressFamily.InterNetwork;
        var own = IPAddress.Parse(isFour ? pod.IPv4! : pod.IPv6!);
        var gateway = IPAddress.Parse(isFour ? "10.244.0.1" : "fd00:10:244::1");
        using var hidden = Listen(host, IPAddress.Parse(loopback), Port);
        using var open = Listen(host, gateway, Port + 1);
        using var injector = PacketInjector.Open(a, NodeLayout.PodInterface);
        using var pinned = CpuPinning.PinCurrentThread();
        using var frames = new FrameBatch(2, 256);
        foreach (var (to, port) in new[] { (IPAddress.Parse(loopback), Port), (gateway, Port + 1) })
        {
            var frame = Craft.Frame(NodeLayout.GatewayMac, MacAddress.Parse(pod.Mac!),
                isFour ? EtherTypes.IPv4 : EtherTypes.IPv6,
                Craft.Ip(own, to, Craft.Udp, Craft.UdpTo(own, to, 1, (ushort)port, "knock"u8.ToArray())));
            frame.CopyTo(frames.Next());
            frames.Commit(frame.Length);
        }
        injector.Send(frames);
        // In the order in which they were sent, on one CPU.
        Assert.Equal("knock"u8.ToArray(), Closed.Talk.Receive(open));
        Assert.Equal(0, hidden.Available);
        // The machine itself reaches it.
        using var local =
            PodSocket.Open(host.Netns.Netns, IPAddress.Parse(loopback), SocketType.Dgram, ProtocolType.Udp);
        local.SendTo("hello"u8.ToArray(), new IPEndPoint(IPAddress.Parse(loopback), Port));
        Assert.Equal("hello"u8.ToArray(), Closed.Talk.Receive(hidden));
        ThreadHome.AssertAllHome();
    }

    private static Socket Listen(FakeHost host, IPAddress address, int port)
    {
        var socket = PodSocket.Open(host.Netns.Netns, address, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }
}
