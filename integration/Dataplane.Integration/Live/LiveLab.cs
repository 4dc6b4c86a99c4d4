using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Integration.Live;

/// <summary>
/// A live node that goes with the test, pass or fail; it can be closed and opened again as a process would.
/// </summary>
internal sealed class LiveLab : IDisposable
{
    private readonly List<IDisposable> _things = [];
    private LiveNode? _node;

    private readonly bool _owned;

    /// <param name="owned">False: tables without owner, as on a kernel that has none.</param>
    /// <param name="guarded">False: ports without a guard, as on a kernel that cannot have one.</param>
    /// <param name="shortWay">Off: packets of established connections pass the rules too.</param>
    public LiveLab(bool owned = true, NodeKind kind = NodeKind.Private, bool guarded = true,
        ShortWayMode shortWay = ShortWayMode.Auto)
    {
        _owned = owned;
        Options = new LiveNodeOptions { Name = RunName.Next(), Kind = kind, IsGuarded = guarded, ShortWay = shortWay };
    }

    public LiveNodeOptions Options { get; }

    public string Name => Options.Name;

    public LiveNode Node => _node ??= LiveNode.Open(Options, _owned);

    /// <summary>As if the process had ended, and another had started.</summary>
    public LiveNode Reopen()
    {
        _node?.Dispose();
        _node = null;
        return Node;
    }

    public void Close()
    {
        _node?.Dispose();
        _node = null;
    }

    public Talk Talk(string from, string to, ProtocolType protocol, int port,
        AddressFamily family = AddressFamily.InterNetwork)
    {
        var (a, b) = (Pod(from), Pod(to));
        using var here = Netns.Open(a.NetnsName!);
        using var there = Netns.Open(b.NetnsName!);
        var talk = new Talk(here, a.Pod.Address(family)!, there, b.Pod.Address(family)!, protocol, port);
        _things.Add(talk);
        return talk;
    }

    public LivePod Pod(string name) => Node.Pods.Single(p => p.Pod.Name == name);

    /// <summary>A foreign process in the node's namespace.</summary>
    public string Exec(string program, string arguments) => InNetns.Exec(Name, program, arguments);

    public IReadOnlyList<ConntrackEntry> Connections()
    {
        using var netns = Netns.Open(Name);
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        return ConntrackTable.Dump(socket);
    }

    /// <summary>The epoch that new connections are stamped with.</summary>
    public string Epoch() => Exec("nft", "list map inet dataplane epoch_now");

    public void Dispose()
    {
        foreach (var thing in _things) thing.Dispose();
        Close();
        LiveNode.Destroy(Name);
        Assert.Empty(NodeNames.Of(Name));
        ThreadHome.AssertAllHome();
    }
}
