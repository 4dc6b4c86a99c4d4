using System.Net.Sockets;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Network;
using Dataplane.Node.Verification;
using Dataplane.Policy;
using Routes = Dataplane.Linux.Rtnetlink.Routes;

namespace Dataplane.Integration;

/// <summary>Ordinary sockets of programs in a pod.</summary>
internal static class PodSocket
{
    /// <summary>Milliseconds that a call may take before the test fails.</summary>
    public const int Patience = 10_000;

    public static Socket Open(NodeSession session, PodEndpoint pod, AddressFamily family, SocketType type, ProtocolType protocol) =>
        Open(session.Node, pod, family, type, protocol);

    public static Socket Open(PrivateNode node, PodEndpoint pod, AddressFamily family, SocketType type, ProtocolType protocol)
    {
        var netns = node.Attachments.Single(a => a.Endpoint == pod).Netns;
        using (var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns))
            Assert.True(SpinWait.SpinUntil(() => Routes.IsLocal(route, pod.Address(family)!), Patience), $"{pod.Name} does not take in what is sent to it");
        // AF_INET and AF_INET6, SOCK_* and IPPROTO_* as the kernel numbers them.
        using var opened = netns.OpenSocket(family == AddressFamily.InterNetwork ? 2 : 10, type switch { SocketType.Stream => 1, SocketType.Dgram => 2, _ => 3 }, (int)protocol);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true)) { ReceiveTimeout = Patience, SendTimeout = Patience };
        opened.SetHandleAsInvalid();
        return socket;
    }
}
