using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Node.Programming;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Live;

/// <summary>
/// A node that lives longer than the process: named namespaces, tables that persist. Opening it adopts what is there. One thread
/// at a time; disposing closes our descriptors and leaves everything enforced.
/// </summary>
public sealed partial class LiveNode : IDisposable
{
    /// <summary>Characters of a node's name, at the most.</summary>
    public const int MaxNameLength = 60;

    private readonly NodeLock _lock;
    private readonly BridgeNode _node;
    private readonly RulesetProgrammer _programmer;
    private readonly Connections _connections;
    private readonly List<AdoptedPort> _unclaimed = [];

    /// <summary>Interface numbers that an earlier process's tables may still know, until ours replace them.</summary>
    private readonly HashSet<int> _taken = [];
    /// <summary>Addresses of pods that have gone whose connections could not be ended yet.</summary>
    private readonly HashSet<IPAddress> _unforgotten = [];
    private bool _namesSwept, _owned;

    /// <summary>What is attached is what is enforced, and nothing else is left.</summary>
    private bool _isWhole;
    private LivePods? _pods;
    private Attachment? _stranger;
    private Cluster? _enforced;

    private LiveNode(NodeLock @lock, BridgeNode node, LiveNodeOptions options, bool adopted)
    {
        (_lock, _node, Adopted) = (@lock, node, adopted);
        _programmer = new RulesetProgrammer(node, node.Shape with { ConnectionsPerPod = options.ConnectionsPerPod, LoggedDropsPerSecond = options.LoggedDropsPerSecond });
        _connections = new Connections(node);
    }

    /// <exception cref="NodeBusyException">Another process has this node open.</exception>
    /// <exception cref="LinuxException">EPERM: not root.</exception>
    public static LiveNode Open(LiveNodeOptions options) => Open(options, owned: true);

    /// <param name="owned">See <see cref="RulesetProgrammer.Program"/>.</param>
    internal static LiveNode Open(LiveNodeOptions options, bool owned)
    {
        RequireName(options.Name);
        var @lock = NodeLock.Take(options.Name);
        LiveNode? opened = null;
        try
        {
            opened = options.Kind == NodeKind.Host ? OpenHost(@lock, options) : Adopt(@lock, options) ?? Create(@lock, options);
            opened._owned = owned;
            opened._stranger = opened._node.AttachStranger();
            return opened;
        }
        catch
        {
            if (opened is not null) opened.Dispose();
            else @lock.Dispose();
            throw;
        }
    }

    /// <summary>Its pods are known to the tables alone; see <see cref="NodeKind.Simulated"/>.</summary>
    public bool IsSimulated => _node.IsSimulated;

    /// <summary>It was there before.</summary>
    public bool Adopted { get; }

    /// <summary>False on kernels before 6.9: others can change our tables, and all we can do is repair.</summary>
    public bool IsOwner => _programmer.IsOwner;

    /// <summary>What is enforced; null before the first <see cref="Apply"/>.</summary>
    public Cluster? Enforced => _enforced;

    /// <summary>What the kernel has, by our reckoning, made for whoever asks: as large as the cluster. Null before the first <see cref="Apply"/>.</summary>
    public NodeRuleset? Ruleset() => _programmer.Programmed();

    /// <summary>By name. The same list as long as nothing of it has changed.</summary>
    public IReadOnlyList<LivePod> Pods => (_pods ??= LivePods.Of(_node)).All;

    /// <summary>The live connections that <see cref="Apply"/> of this state would cut. Changes nothing.</summary>
    public IReadOnlyList<CutConnection> WouldCut(Cluster next)
    {
        var live = _connections.Live();
        if (live.Count == 0) return [];
        var pods = new Dictionary<IPAddress, PodEndpoint>();
        foreach (var pod in next.Pods.Where(p => !p.IsHostNetwork))
            foreach (var address in BridgeNode.AddressesOf(pod)) pods[address] = pod;
        return [.. _connections.Denied(live, next, pods.GetValueOrDefault).Select(d => d.Cut)];
    }

    public void Dispose()
    {
        _drops?.Dispose();
        _connections.Dispose();
        _programmer.Dispose();
        _node.Dispose();
        _lock.Dispose();
    }

    /// <summary>Removes a node that no process has open: its pods, its namespace, and all that is in them.</summary>
    /// <exception cref="NodeBusyException">A process has it open.</exception>
    public static void Destroy(string name)
    {
        RequireName(name);
        using var @lock = NodeLock.Take(name);
        DeleteNames(name);
        @lock.Remove();
    }

    /// <summary>As <see cref="Destroy"/>, of a host node in the namespace of this process. Settings stay as they are.</summary>
    /// <exception cref="NodeBusyException">A process has it open.</exception>
    /// <exception cref="LinuxException">The bridge is another node's.</exception>
    public static void DestroyHost(string name)
    {
        RequireName(name);
        using var @lock = NodeLock.Take(name);
        HostRemoval.Remove(name);
        DeletePodNames(name);
        @lock.Remove();
    }

    private static LiveNode OpenHost(NodeLock @lock, LiveNodeOptions options)
    {
        var node = HostNode.Open(options.Name, options.Addresses, options.Masquerade, out var adopted);
        if (!adopted) DeletePodNames(options.Name);
        return TakeOver(new LiveNode(@lock, node, options, adopted));
    }

    private static LiveNode? Adopt(NodeLock @lock, LiveNodeOptions options)
    {
        if (NamedNetns.TryOpen(options.Name) is not { } netns) return null;
        var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        var bridge = Links.Dump(route).FirstOrDefault(l => l.Index == NodeLayout.BridgeIndex);
        var isSimulated = bridge.Alias == SimulatedNode.Alias;
        if (bridge.Name is null || isSimulated != (options.Kind == NodeKind.Simulated))
        {
            route.Dispose();
            netns.Dispose();
            // Whoever began to make it did not come far: nothing hangs on it.
            if (bridge.Name is null) return null;
            throw new LinuxException($"open node {options.Name}", Errno.EEXIST, isSimulated
                ? "it is simulated; open it as that, or remove it first" : "it is not simulated: there may be pods on it; remove it first, or use another name");
        }
        return TakeOver(new LiveNode(@lock, NewNode(options, netns, route), options, adopted: true));
    }

    /// <summary>Whatever an earlier process has left.</summary>
    private static LiveNode TakeOver(LiveNode adopted)
    {
        try
        {
            // Ports that it was about to delete.
            PodDetacher.DeleteDoomed(adopted._node.Route);
            adopted._programmer.Adopt(adopted._connections.All().Select(c => c.Mark));
            var ports = AdoptedPort.Find(adopted._node);
            // A number that the tables know would make a new pod somebody else until they are programmed.
            foreach (var port in ports)
            {
                adopted._node.Reserve(port.Number);
                adopted._taken.Add(port.Number);
            }
            foreach (var (port, address) in adopted._programmer.KnownPorts())
            {
                if (NodeLayout.PortNumber(port) is not { } number) continue;
                adopted._node.Reserve(number, address);
                adopted._taken.Add(number);
            }
            // The stranger's namespace went with its process, and its port with that, at once or a little later; the ways to it stay.
            adopted._node.Reserve(0);
            PodDetacher.Remove(adopted._node, [new Remains(0, ports.FirstOrDefault(p => p.Number == 0)?.PortIndex ?? 0, BridgeNode.StrangerAddresses)]);
            // So it is with pods whose ports went while nobody was there.
            PodDetacher.RemoveWaysBut(adopted._node, ports.Where(p => p.Number != 0).SelectMany(p => p.Addresses).ToHashSet());
            adopted._unclaimed.AddRange(ports.Where(p => p.Number != 0));
            return adopted;
        }
        catch
        {
            adopted.Dispose();
            throw;
        }
    }

    private static LiveNode Create(NodeLock @lock, LiveNodeOptions options)
    {
        DeleteNames(options.Name);
        var netns = Netns.Create(options.Name);
        try
        {
            var route = NodeBase.Build(netns, options.Addresses, options.Kind == NodeKind.Simulated ? SimulatedNode.Alias : null);
            return new LiveNode(@lock, NewNode(options, netns, route), options, adopted: false);
        }
        catch
        {
            netns.Dispose();
            Netns.Delete(options.Name);
            throw;
        }
    }

    private static BridgeNode NewNode(LiveNodeOptions options, Netns netns, NetlinkSocket route) => options.Kind == NodeKind.Simulated
        ? new SimulatedNode(options.Addresses, netns, route)
        : new BridgeNode(options.Addresses, netns, route);

    /// <summary>The node's own name last: as long as it is there, there is something to destroy.</summary>
    private static void DeleteNames(string node)
    {
        DeletePodNames(node);
        Netns.Delete(node);
    }

    private static void DeletePodNames(string node)
    {
        foreach (var pod in PodNames.NetnsOf(node)) Netns.Delete(pod);
    }

    private static void RequireName(string name)
    {
        if (name.Length is 0 or > MaxNameLength || name.Contains(PodNames.Joint) || name.Contains('/') || name[0] == '.')
            throw new ArgumentException($"'{name}' cannot name a node: 1 to {MaxNameLength} characters without '{PodNames.Joint}' and '/'", nameof(name));
    }
}

/// <summary>Another process has the node open.</summary>
public sealed class NodeBusyException(string message) : Exception(message);
