using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Network;

/// <summary>
/// A network namespace with a bridge in it, pods on isolated ports, externals behind routed veth pairs: what private and live
/// nodes have in common. Disposing closes descriptors only.
/// </summary>
internal class BridgeNode : IDisposable
{
    private readonly Attachments _attachments = [];
    private readonly SortedSet<int> _free = [];
    private HashSet<IPAddress> _moved = [];
    private PortRemover? _remover;
    private int _interfaces;

    protected internal BridgeNode(NodeOptions options, Netns netns, NetlinkSocket route) => (Options, Netns, Route) = (options, netns, route);

    public NodeOptions Options { get; }

    public Netns Netns { get; }

    /// <summary>What its pods' namespaces are named after.</summary>
    public virtual string Name => Netns.Name!;

    /// <summary>The interface index of the bridge.</summary>
    public int BridgeIndex { get; protected set; } = NodeLayout.BridgeIndex;

    /// <summary>What the fixed rules need to know of it.</summary>
    public virtual NodeShape Shape => NodeShape.Default;

    /// <summary>Settings that must hold as long as it lives.</summary>
    public virtual IReadOnlyList<SysctlSetting> Settings => NodeSysctls.Running;

    /// <summary>An rtnetlink socket of the node's namespace.</summary>
    public NetlinkSocket Route { get; }

    /// <summary>Everything attached.</summary>
    public Attachments Attachments => _attachments;

    /// <summary>What is attached and has a port, ways and a namespace in the kernel.</summary>
    public virtual IReadOnlyList<Attachment> Wired => _attachments;

    /// <summary>Its pods are known to the rules alone: there is nothing that could send a packet, or that a packet could reach.</summary>
    public virtual bool IsSimulated => false;

    /// <summary>So many pods fit.</summary>
    public virtual int MaxPods => NodeCapacity.MaxPods;

    /// <summary>Gives the node the addresses it is known by, where they are not the gateway's.</summary>
    public void AddAddresses(NodeEndpoint known)
    {
        foreach (var address in AddressesBesideGateway(known))
            Route.Commit($"give the node {address}", batch =>
                Addresses.Add(batch, BridgeIndex, address, NodeLayout.Host(address).PrefixLength));
    }

    /// <summary>The interface index that a new port asks for; 0 lets the kernel choose.</summary>
    public virtual int PortIndex(int number) => NodeLayout.PortIndex(number);

    /// <summary>Once new ports exist, and before they are up: finds the indexes that the kernel has chosen. A port that is not there stays as it is.</summary>
    public virtual void SettlePorts(List<Attachment> fresh)
    {
    }

    /// <summary>Whether a link that is named like a port of ours is one.</summary>
    public virtual bool IsOurPort(in LinkInfo link) => true;

    /// <summary>Makes the bridge anew where somebody has deleted it.</summary>
    public virtual void MakeBridge() => Route.Commit("mend the bridge", batch => Links.AddBridge(batch, NodeBase.Bridge));

    /// <summary>The policy routing that keeps closed what no chain of ours has marked.</summary>
    public virtual Rule[] Rules(AddressFamily family) => NodeBase.Rules(family);

    /// <summary>Whether a routing rule that is asked before ours must go.</summary>
    public virtual bool MustGo(in Rule rule) => true;

    /// <summary>The routes that are there before any pod is.</summary>
    public virtual IEnumerable<Route> BaseRoutes(AddressFamily family) => [NodeBase.ToSink(this, PodNetwork(family), Gateway(family))];

    public virtual IEnumerable<IPAddress> AddressesBesideGateway(NodeEndpoint known) =>
        new[] { known.IPv4, known.IPv6 }.OfType<IPAddress>().Where(a => !a.Equals(Gateway(a.AddressFamily)));

    /// <summary>Attaches pods, each in a namespace without a name. They are closed until their addresses are programmed.</summary>
    public IReadOnlyList<Attachment> AttachPods(IEnumerable<PodEndpoint> pods, CancellationToken stop = default) =>
        Attach([.. pods.Select(p => new AttachRequest(p, AddressesOf(p), Anonymous))], stop);

    /// <summary>Attaches a port that will never be programmed, with an address that no pod has.</summary>
    public Attachment AttachStranger() => Attach([new AttachRequest(null, StrangerAddresses, Anonymous)], default)[0];

    public IReadOnlyList<Attachment> AttachExternals(IEnumerable<ExternalEndpoint> externals) => [.. externals.Select(e => ExternalAttacher.Attach(this, e))];

    /// <summary>They are closed until their addresses are programmed. What came before a failure stays attached.</summary>
    public virtual IReadOnlyList<Attachment> Attach(IReadOnlyList<AttachRequest> pods, CancellationToken stop) => PodAttacher.Attach(this, pods, stop);

    /// <summary>As <see cref="PodDetacher.Detach"/>.</summary>
    public virtual void Detach(IReadOnlyCollection<Attachment> attachments, bool keepNumbers = false) => PodDetacher.Detach(this, attachments, keepNumbers);

    /// <summary>
    /// As <see cref="Detach"/>, but their ports, which are down and lead nowhere when this returns, are deleted a little later. No other
    /// port gets their numbers before.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused to take them out of service.</exception>
    public virtual void DetachSoon(IReadOnlyCollection<Attachment> attachments)
    {
        if (attachments.Count > 0) PodDetacher.Detach(this, attachments, remover: _remover ??= new PortRemover(Netns));
    }

    /// <summary>Whether a port of this number is still to be deleted.</summary>
    public bool IsGoing(int number) => _remover?.Has(number) ?? false;

    /// <summary>Waits for ports that are being deleted, where so many new ones beside them would not fit.</summary>
    public void AwaitRoom(int pods)
    {
        if (_remover is { Count: var going and > 0 } && _attachments.Count + pods + going > MaxPods) AwaitDetached();
    }

    /// <summary>Waits for all ports that are being deleted.</summary>
    public void AwaitDetached() => _remover?.Wait();

    /// <summary>Begins to delete them once more where the kernel has refused it.</summary>
    public void DeleteDetached() => _remover?.Start();

    /// <exception cref="LinuxException">The kernel has refused to delete a port since this was asked last. It is asked again.</exception>
    public void RequireDetached() => _remover?.ThrowFailure();

    /// <summary>Makes the ways to addresses whose port has gone: until somebody has them they lead to nobody.</summary>
    public virtual void KeepWays(IReadOnlyCollection<IPAddress> addresses) => Route.Commit("keep the ways to addresses", batch =>
    {
        foreach (var address in addresses)
            foreach (var route in PodAttacher.RoutesTo(this, address)) Routes.Add(batch, route);
    });

    /// <summary>Says who has addresses: frames for them go there from now on.</summary>
    public virtual void Point(IReadOnlyCollection<(IPAddress Address, MacAddress Owner)> owners) => Route.Commit("change the owner of addresses", batch =>
    {
        foreach (var (address, owner) in owners) Neighbours.SetPermanent(batch, BridgeIndex, address, owner);
    });

    /// <exception cref="NodeCapacityException">So many pods do not fit.</exception>
    public virtual void RequireRoom(int pods) => NodeCapacity.Require(pods, 0);

    /// <summary>The lowest free interface number.</summary>
    public int NextInterface()
    {
        foreach (var number in _remover?.TakeGone() ?? []) Release(number);
        if (_free.Count == 0) return _interfaces++;
        var lowest = _free.Min;
        _free.Remove(lowest);
        return lowest;
    }

    /// <summary>Takes a number that an earlier process's tables know this address by.</summary>
    public virtual void Reserve(int number, IPAddress address) => Reserve(number);

    /// <summary>Takes a number that is in use already, as an adopted port's.</summary>
    public void Reserve(int number)
    {
        for (; _interfaces <= number; _interfaces++) _free.Add(_interfaces);
        _free.Remove(number);
    }

    /// <summary>Nothing of the interface with this number is left.</summary>
    public void Release(int number) => _free.Add(number);

    public void Add(Attachment attachment)
    {
        _attachments.Add(attachment);
        _moved.UnionWith(attachment.Addresses);
    }

    public void Remove(Attachment attachment)
    {
        _attachments.Remove(attachment);
        _moved.UnionWith(attachment.Addresses);
    }

    /// <summary>Addresses whose attachment has come or gone since this was asked last.</summary>
    public IReadOnlyCollection<IPAddress> TakeMoved()
    {
        var moved = _moved;
        _moved = [];
        return moved;
    }

    /// <summary>The same port by another description.</summary>
    public void Replace(Attachment now) => _attachments.Replace(now);

    public IPAddress Gateway(AddressFamily family) => family == AddressFamily.InterNetwork ? Options.GatewayIPv4 : Options.GatewayIPv6;

    public IPNetwork PodNetwork(AddressFamily family) => family == AddressFamily.InterNetwork ? Options.PodNetworkIPv4 : Options.PodNetworkIPv6;

    public static IPAddress[] AddressesOf(PodEndpoint pod) => [.. new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>()];

    private static PodNetns Anonymous() => new(Netns.CreateAnonymous(), WasThere: false);

    public virtual void Dispose()
    {
        _remover?.Dispose();
        Route.Dispose();
        foreach (var attachment in _attachments) attachment.Netns.Dispose();
        Netns.Dispose();
    }

    /// <summary>From the ranges for documentation (RFC 5737, RFC 3849): no manifest has a reason to use them for pods.</summary>
    public static readonly IPAddress[] StrangerAddresses = [IPAddress.Parse("203.0.113.254"), IPAddress.Parse("2001:db8:ffff::fe")];
}
