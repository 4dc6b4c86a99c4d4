using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Programming;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Diagnosis;

/// <summary>
/// Proves the short way with one connection between the two pods of a private node: the bridge sends its first packets,
/// and hardly any of those that follow.
/// </summary>
internal static class Shortcut
{
    private const int Messages = 8, Patience = 2000;

    // As the kernel numbers them.
    private const int AF_INET = 2, SOCK_STREAM = 1;

    /// <param name="cluster">Two pods, the second of which takes connections of the first.</param>
    public static Finding Check(Cluster cluster, ushort port)
    {
        using var node = PrivateNode.Create(NodeOptions.Default);
        if (node.ShortWay.WhyNot is { } why) return Finding.Ok($"no short way: {why}");
        node.AttachPods(cluster.Pods);
        using var programmer = new RulesetProgrammer(node);
        programmer.Program(cluster);
        node.EnterShortWay(node.Wired);
        var (client, server) = (node.Attachments[0], node.Attachments[1]);
        var sent = Talk(node, client, server, port);
        return sent < Messages
            ? Finding.Ok("short way: packets of an established connection pass by the bridge and the rules")
            : Finding.Warning($"short way: {sent} packets for {Messages} messages took the long way",
                "they are judged all the same; please report it with the output of dataplane doctor -o json");
    }

    /// <returns>Packets to the server that the bridge has sent since the connection was established.</returns>
    private static ulong Talk(PrivateNode node, Attachment client, Attachment server, ushort port)
    {
        using Socket listener = Open(server), one = Open(client);
        var there = new IPEndPoint(server.Addresses[0], port);
        listener.Bind(there);
        listener.Listen();
        one.Connect(there);
        using var other = listener.Accept();
        other.ReceiveTimeout = other.SendTimeout = Patience;
        Exchange();
        var before = Sent(node, server);
        for (var i = 0; i < Messages; i++) Exchange();
        return Sent(node, server) - before;

        void Exchange()
        {
            Span<byte> message = stackalloc byte[1];
            one.Send(message);
            other.Receive(message);
            other.Send(message);
            one.Receive(message);
        }
    }

    private static Socket Open(Attachment pod)
    {
        using var opened = pod.Netns.OpenSocket(AF_INET, SOCK_STREAM, (int)ProtocolType.Tcp);
        var socket = new Socket(new SafeSocketHandle(opened.DangerousGetHandle(), ownsHandle: true))
        {
            ReceiveTimeout = Patience, SendTimeout = Patience, NoDelay = true,
        };
        opened.SetHandleAsInvalid();
        return socket;
    }

    private static ulong Sent(PrivateNode node, Attachment pod) =>
        Links.Dump(node.Route).Single(l => l.Index == pod.PortIndex).SentPackets;
}
