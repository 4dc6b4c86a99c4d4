using System.Net;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Guard;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;
using Dataplane.Rules.ShortWay;
using Short = Dataplane.Node.ShortWay.ShortWay;

namespace Dataplane.Node.Ports;

/// <summary>
/// The ports of a node: what is attached, and how pods are attached and detached. There are implementations for a
/// bridge in a namespace of its own, for a namespace shared with other programs, and for simulated pods. Disposing
/// closes descriptors only.
/// </summary>
internal abstract class NodePorts(NodePlan plan, Netns netns, NetlinkSocket route, PortGuard guard) : IDisposable
{
    /// <summary>
    /// Addresses of the negative control, from the ranges for documentation (RFC 5737, RFC 3849): no manifest has a
    /// reason to give them to a pod.
    /// </summary>
    public static readonly IPAddress[] StrangerAddresses =
        [IPAddress.Parse("203.0.113.254"), IPAddress.Parse("2001:db8:ffff::fe")];

    /// <summary>The number of the negative control's port: it is attached first.</summary>
    public static readonly PortNumber StrangerNumber = new(0);

    public NodePlan Plan => plan;

    /// <summary>The node's namespace.</summary>
    public Netns Netns => netns;

    /// <summary>What looks at each frame of a pod before the bridge does.</summary>
    public PortGuard Guard => guard;

    /// <summary>What lets packets of established connections pass by the bridge and the rules.</summary>
    public Short ShortWay => guard.ShortWay;

    /// <summary>
    /// The rules of these pods are in force: their established connections may take the short way. Not the negative
    /// control, which no rule knows. Others' namespaces neither: who made them may have limits at the near end of the
    /// pair (tbf of the bandwidth plugin), which would be passed by.
    /// </summary>
    public void EnterShortWay(IEnumerable<Attachment> attachments)
    {
        foreach (var pod in attachments)
        {
            if (pod is not { Endpoint: PodEndpoint, IsForeign: false, PortIndex.IsNone: false }) continue;
            foreach (var address in pod.Addresses) ShortWay.Enter(address, new PodEntry(pod.PortIndex, pod.Mac));
        }
    }

    /// <summary>Sysctls of the node's namespace that must hold as long as it lives.</summary>
    public IReadOnlyList<SysctlSetting> Settings => [.. plan.Settings, .. ShortWaySettings];

    /// <summary>Those that are written once conntrack is in use.</summary>
    public IReadOnlyList<SysctlSetting> ConntrackSettings => [.. NodeSysctls.Conntrack, .. ShortWaySettings];

    private SysctlSetting[] ShortWaySettings =>
        plan.Shape.IsShared ? [] : NodeSysctls.ShortWay(guard.ShortWay.IsOn);

    /// <summary>An rtnetlink socket of the node's namespace.</summary>
    public NetlinkSocket Route => route;

    /// <summary>The interface index of the bridge.</summary>
    public InterfaceIndex BridgeIndex { get; protected set; } = NodeLayout.BridgeIndex;

    /// <summary>Everything attached.</summary>
    public Attachments Attachments { get; } = [];

    public PortNumbers Numbers { get; } = new();

    /// <summary>Ports that are out of service and still to be deleted.</summary>
    public PortRemover Removals { get; } = new(netns);

    /// <summary>The attachments that have a port, routes and a namespace in the kernel.</summary>
    public abstract IReadOnlyList<Attachment> Wired { get; }

    /// <summary>The maximum number of pods.</summary>
    public abstract int MaxPods { get; }

    /// <exception cref="NodeCapacityException">The node has no room for this total number of pods.</exception>
    public abstract void RequireRoom(int pods);

    /// <summary>Makes the bridge again after another process has deleted it.</summary>
    public abstract void MakeBridge();

    /// <summary>
    /// Attaches pods. They are closed until their addresses are programmed. After a failure the pods before it stay
    /// attached.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public abstract IReadOnlyList<Attachment> Attach(IReadOnlyList<AttachRequest> pods, CancellationToken stop);

    /// <summary>Detaches pods whose elements have been deleted. What is missing already is no error.</summary>
    /// <param name="keepNumbers">Whether the numbers stay reserved, because elements may still name the ports.</param>
    public abstract void Detach(IReadOnlyCollection<Attachment> attachments, bool keepNumbers = false);

    /// <summary>
    /// As <see cref="Detach"/>, but the ports, which are down and without routes when this returns, are deleted in the
    /// background. Their numbers are reserved until then.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused to take them out of service.</exception>
    public abstract void DetachSoon(IReadOnlyCollection<Attachment> attachments);

    /// <summary>
    /// Adds the routes to addresses whose port has gone. They lead to the sink until a pod claims the address.
    /// </summary>
    public abstract void KeepRoutes(IReadOnlyCollection<IPAddress> addresses);

    /// <summary>Sets the MAC address that frames for an address are sent to.</summary>
    public abstract void Point(IReadOnlyCollection<(IPAddress Address, MacAddress Owner)> owners);

    /// <summary>Reserves the number under which an earlier process's tables know this address.</summary>
    public virtual void Reserve(PortNumber number, IPAddress address) => Numbers.Reserve(number);

    /// <summary>The number of the port that the node would make with this index; null: none.</summary>
    public virtual PortNumber? NumberOf(InterfaceIndex index) => PortNumber.OfIndex(index);

    /// <summary>Whether a link with the name of a pod's port is one of this node's.</summary>
    public virtual bool IsOurPort(in LinkInfo link) => true;

    /// <summary>The addresses of the node that the bridge must have beside the gateways.</summary>
    public virtual IEnumerable<IPAddress> AddressesBesideGateway(NodeEndpoint node) =>
        new[] { node.IPv4, node.IPv6 }.OfType<IPAddress>().Where(a => !a.Equals(Plan.Gateway(a.AddressFamily)));

    /// <summary>The addresses at which the node offers NodePorts; none of them is a loopback address.</summary>
    public virtual IEnumerable<IPAddress> ServingAddresses(NodeEndpoint node) =>
        new[] { Plan.Addresses.GatewayIPv4, Plan.Addresses.GatewayIPv6, node.IPv4, node.IPv6 }.OfType<IPAddress>()
            .Distinct();

    /// <summary>Adds the addresses of the node to the bridge.</summary>
    public void AddAddresses(NodeEndpoint node)
    {
        foreach (var address in AddressesBesideGateway(node))
        {
            Route.Commit($"give the node {address}", batch =>
                Addresses.Add(batch, BridgeIndex, address, NodeLayout.Host(address).PrefixLength));
        }
    }

    /// <summary>Attaches pods, each in a namespace without a name.</summary>
    public IReadOnlyList<Attachment> AttachPods(IEnumerable<PodEndpoint> pods, CancellationToken stop = default) =>
        AttachPods(pods, _ => { }, stop);

    /// <param name="made">Told how many of the namespaces are made.</param>
    public IReadOnlyList<Attachment> AttachPods(
        IEnumerable<PodEndpoint> pods, Action<int> made, CancellationToken stop)
    {
        var count = 0;
        return Attach([.. pods.Select(p => new AttachRequest(p, NodePlan.AddressesOf(p), Next))], stop);

        PodNetns Next()
        {
            var next = Anonymous();
            made(++count);
            return next;
        }
    }

    /// <summary>
    /// Attaches the negative control: a port that is never programmed, with addresses that no pod has.
    /// </summary>
    public Attachment AttachStranger() => Attach([new AttachRequest(null, StrangerAddresses, Anonymous)], default)[0];

    /// <summary>The lowest free port number.</summary>
    public PortNumber NextNumber()
    {
        foreach (var number in Removals.TakeGone()) Numbers.Release(number);
        return Numbers.Next();
    }

    /// <summary>
    /// Waits for ports that are being deleted, if <paramref name="pods"/> more pods would not fit beside them.
    /// </summary>
    public void AwaitRoom(int pods)
    {
        if (Removals.Count is > 0 and var going && Attachments.Count + pods + going > MaxPods) Removals.Wait();
    }

    public virtual void Dispose()
    {
        Removals.Dispose();
        Guard.Dispose();
        Route.Dispose();
        foreach (var attachment in Attachments) attachment.Netns.Dispose();
        Netns.Dispose();
    }

    private static PodNetns Anonymous() => new(Netns.CreateAnonymous(), WasThere: false);
}
