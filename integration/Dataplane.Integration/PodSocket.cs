using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Ports;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Routes = Dataplane.Linux.Rtnetlink.Routes;

namespace Dataplane.Integration;

/// <summary>Ordinary sockets of programs in a pod.</summary>
internal static class PodSocket
{
    /// <summary>Milliseconds that a call may take before the test fails.</summary>
    public const int Patience = 10_000;

    public static Socket Open(NodeSession session, PodEndpoint pod, AddressFamily family, SocketType type,
        ProtocolType protocol) =>
        Open(session.Node, pod, family, type, protocol);

    public static Socket Open(NodePorts node, PodEndpoint pod, AddressFamily family, SocketType type,
        ProtocolType protocol) =>
        Open(NetnsOf(node, pod), pod.Address(family)!, type, protocol);

    public static Netns NetnsOf(NodePorts node, PodEndpoint pod) =>
        node.Attachments.Single(a => a.Endpoint == pod).Netns;

    /// <summary>Usable from home, once the namespace takes in what is sent to the address.</summary>
    public static Socket Open(Netns netns, IPAddress address, SocketType type, ProtocolType protocol)
    {
        using (var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns))
        {
            Assert.True(SpinWait.SpinUntil(() => Routes.IsLocal(route, address), Patience),
                $"{address} does not take in what is sent to it");
        }
        // AF_INET and AF_INET6, SOCK_* and IPPROTO_* as the kernel numbers them.
        using var opened = netns.OpenSocket(address.AddressFamily == AddressFamily.InterNetwork ? 2 : 10,
            type switch { SocketType.Stream => 1, SocketType.Dgram => 2, _ => 3 }, (int)protocol);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true))
        {
            ReceiveTimeout = Patience, SendTimeout = Patience,
        };
        opened.SetHandleAsInvalid();
        return socket;
    }
}
