using System.Diagnostics;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Guard;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Ports;
using Dataplane.Planning;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Rules.Shape;
using Dataplane.Services.Tables;
using ShortWay = Dataplane.Node.ShortWay.ShortWay;
using Dataplane.Testing.Shapes;

namespace Dataplane.Bench;

/// <summary>A private node with the first two pods of a cluster attached: the others are elements only.</summary>
internal sealed class PacketNode : IDisposable
{
    private const uint Epoch = 1;

    private readonly NodePorts _node;
    private readonly NetlinkSocket _netfilter;

    private PacketNode(NodePorts node, Cluster cluster)
    {
        _node = node;
        _netfilter = NetlinkSocket.Open(NetlinkProtocol.Netfilter, _node.Netns);
        _node.AttachPods(cluster.Pods.Take(2));
    }

    /// <summary>A node of ours, closed until it is programmed.</summary>
    public static PacketNode Ours(Cluster cluster) => Make(cluster, noShortWay: "it is measured apart");

    /// <summary>As <see cref="Ours"/>; <see cref="KeepShortWay"/> opens its short way.</summary>
    public static PacketNode WithShortWay(Cluster cluster) => Make(cluster, noShortWay: null);

    private static PacketNode Make(Cluster cluster, string? noShortWay) => new(PrivateNode.Create(
        NodePlan.Private(RunName.Next(), NodeOptions.Default) with { NoShortWay = noShortWay }), cluster);

    /// <summary>
    /// Our node, and open: the rules ask as many questions, and the answer is always the way to the pods. What this one
    /// has beside it costs, is the filter's.
    /// </summary>
    public static PacketNode SameRoute(Cluster cluster)
    {
        var node = Ours(cluster);
        node._node.Route.Commit("show all packets the way to the pods", batch =>
        {
            foreach (var family in new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 })
            {
                foreach (var rule in NodeRouting.Rules(family).Where(r => r.Mask != 0))
                {
                    Linux.Rtnetlink.Rules.Delete(batch, rule);
                    Linux.Rtnetlink.Rules.Add(batch,
                        rule with { Mark = rule.Action == RuleAction.Prohibit ? MarkBits.Known : 0 });
                }
            }
        });
        return node;
    }

    /// <summary>As <see cref="Ours"/>, with the guard of a host node, which tags the frames of pods.</summary>
    public static PacketNode Tagged(Cluster cluster)
    {
        var node = Ours(cluster);
        using var guard = PortGuard.Load(isWanted: true, isShared: true, ShortWay.Make("not with a host node"));
        if (!guard.IsOn) throw new InvalidOperationException($"no guard: {guard.WhyNot}");
        node._node.Route.Commit("put the guard of a host node at the ports", batch =>
        {
            foreach (var attachment in node._node.Attachments) guard.Put(batch, attachment.PortIndex);
        });
        return node;
    }

    /// <summary>Ordinary forwarding, without routing rules, and open.</summary>
    public static PacketNode Plain(Cluster cluster)
    {
        var node = PlainNode.Create();
        var plain = new PacketNode(node, cluster);
        node.AddRoutes();
        return plain;
    }

    /// <summary>NODE,POD,POD as the yardstick is told: this process keeps the namespaces open.</summary>
    public string Namespaces => string.Join(',',
        new[] { _node.Netns, _node.Attachments[0].Netns, _node.Attachments[1].Netns }.Select(Yardsticks.File));

    /// <summary>
    /// Typical pods and policies; in addition, each address of the first pod may send to the second one's port 8080 and
    /// nothing else, and the second takes that and nothing else: both sides are isolated, so both are asked.
    /// </summary>
    public static Cluster Cluster(int pods, int policies)
    {
        var typical = TypicalCluster.Of(pods, policies - 2);
        var here = typical.Pods[0].Pod.Position;
        var (from, to) = (Labelled(typical.Pods[0], "client"), Labelled(typical.Pods[1], "server"));
        NetworkPolicyPort[] ports =
            [new(TransportProtocol.Udp, 8080, null, null, here), new(TransportProtocol.Tcp, 8080, null, null, here)];
        return typical with
        {
            Pods = [from, to, .. typical.Pods.Skip(2)],
            NetworkPolicies =
            [
                .. typical.NetworkPolicies,
                new(from.Pod.Namespace, "from", new Dictionary<string, string>(), Role("client"), false, true, [],
                    [new([Peer("server")], ports, here)], here),
                new(to.Pod.Namespace, "to", new Dictionary<string, string>(), Role("server"), true, false,
                    [new([Peer("client")], ports, here)], [], here),
            ],
        };

        PodEndpoint Labelled(PodEndpoint pod, string role) =>
            pod with { Pod = pod.Pod with { Labels = new Dictionary<string, string> { ["role"] = role } } };

        LabelSelector Role(string role) => new([new("role", SelectorOperator.In, [role], here)], here);

        NetworkPolicyPeer Peer(string role) => new(Role(role), new([], here), null, here);
    }

    /// <summary>The rules and elements that the daemon would program.</summary>
    /// <param name="services">Null: none.</param>
    public static NodeRuleset Ruleset(Cluster cluster, ServiceTable? services = null)
    {
        var limits = new Node.Live.LiveNodeOptions();
        var shape = NodeShape.Default with
        {
            ConnectionsPerPod = limits.ConnectionsPerPod, LoggedDropsPerSecond = limits.LoggedDropsPerSecond,
        };
        var classes = Compiler.Compile(cluster);
        return NodeRuleset.Build(shape, RulesetChange.Whole(classes, ElementCount.Ports(classes), Epoch) with
        {
            Services = new ServiceChange(ServiceTable.Empty, services ?? ServiceTable.Empty),
        });
    }

    /// <summary>Opens the short way to what has been judged, as a daemon does it.</summary>
    /// <returns>Ends it.</returns>
    public IDisposable KeepShortWay()
    {
        Sysctl.Write(_node.Netns, _node.ConntrackSettings);
        if (_node.ShortWay.WhyNot is { } why) throw new InvalidOperationException($"no short way: {why}");
        _node.ShortWay.Learn(_node.Netns);
        _node.EnterShortWay(_node.Wired);
        return new Timer(_ => _node.ShortWay.Open(MarkBits.Epoch | Epoch), null, TimeSpan.Zero,
            ShortWay.Lease / 5);
    }

    public PacketNode Program(NodeRuleset ruleset)
    {
        using var batch = new NftBatch(_netfilter);
        NftNetlinkRenderer.Create(batch, ruleset.Tables, NftTableFlags.None);
        batch.Commit("load the ruleset");
        return this;
    }

    /// <summary>Rules as text, by Debian's nft.</summary>
    public PacketNode Load(string nft)
    {
        using var process = Process.Start(new ProcessStartInfo("ip",
            ["netns", "exec", _node.Netns.Name!, "nft", "-f", "-"]) { RedirectStandardInput = true })!;
        process.StandardInput.Write(nft);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0 ? this : throw new InvalidOperationException($"nft ended with {process.ExitCode}");
    }

    public void Dispose()
    {
        _netfilter.Dispose();
        _node.Dispose();
    }
}
