using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Observation;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Observation;

/// <summary>A private node with a flow log, and programs in its pods that send.</summary>
internal sealed class WatchedNode : IDisposable
{
    public WatchedNode(Cluster cluster)
    {
        Cluster = cluster;
        Session = NodeSession.Open(cluster, NodeOptions.Default, []);
        Drops = DropLog.Open(Session.Node.Netns);
        Session.Drops = Drops;
        Flows = new FlowLog(Session.Node.Netns, Drops, new FlowScene(cluster,
            () => Session.Node.Attachments.Where(a => a.Endpoint is not null)
                .ToDictionary(a => a.PortIndex, a => a.Endpoint!.Name)));
    }

    public Cluster Cluster { get; }

    public NodeSession Session { get; }

    public DropLog Drops { get; }

    public FlowLog Flows { get; }

    public PodEndpoint Pod(string name) => Cluster.Pods.Single(p => p.Name == name);

    /// <summary>A datagram of a program in a pod, from a port that the kernel chooses.</summary>
    /// <returns>The source port.</returns>
    public int Send(string from, string to, int port, AddressFamily family = AddressFamily.InterNetwork, int times = 1)
    {
        using var socket = PodSocket.Open(Session, Pod(from), family, SocketType.Dgram, ProtocolType.Udp);
        var target = new IPEndPoint(Pod(to).Address(family)!, port);
        for (var i = 0; i < times; i++) socket.SendTo("x"u8, target);
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Waits for an entry, and fails with all that there are.</summary>
    public ObservedFlow Await(Predicate<ObservedFlow> wanted)
    {
        ObservedFlow? found = null;
        SpinWait.SpinUntil(() => (found = Flows.Last(int.MaxValue).FirstOrDefault(f => wanted(f))) is not null,
            PodSocket.Patience);
        Assert.True(found is not null, string.Join('\n', Flows.Last(int.MaxValue)));
        return found;
    }

    public void Dispose()
    {
        Flows.Dispose();
        Drops.Dispose();
        Session.Dispose();
        ThreadHome.AssertAllHome();
    }

    /// <summary>x/a may send to x/b UDP 80 and nothing else; x/b takes nothing but that.</summary>
    public static Lab TwoPods() => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b").Pod("x/c")
        .Policy("x/a-out", "app=a", egress: [Rule.Of([Rule.Pods("app=b")], ["UDP 80", "TCP 80"])])
        .Policy("x/b-in", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["UDP 80", "TCP 80"])]);
}
