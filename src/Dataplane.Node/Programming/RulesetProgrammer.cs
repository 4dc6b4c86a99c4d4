using Dataplane.Linux;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Network;
using Dataplane.Policy;
using Dataplane.Policy.Compilation;
using Dataplane.Rules.Nftables;

namespace Dataplane.Node.Programming;

/// <summary>
/// Keeps the node's two tables. The socket stays open as long as the node lives: it owns the tables, so no other process can
/// change or flush them, and persist lets them outlive us.
/// </summary>
internal sealed class RulesetProgrammer : IDisposable
{
    private readonly PrivateNode _node;
    private NodeRuleset? _programmed;
    private uint _epoch;

    public RulesetProgrammer(PrivateNode node)
    {
        _node = node;
        Socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node.Netns);
    }

    /// <summary>The owner's socket.</summary>
    public NetlinkSocket Socket { get; }

    /// <summary>What the kernel has by our reckoning; null before the first time.</summary>
    public NodeRuleset? Programmed => _programmed;

    /// <summary>False on kernels before 6.9: tables without an owner can be flushed by others.</summary>
    public bool IsOwner { get; private set; }

    /// <summary>Brings the kernel to these classes for the pods that are attached, in one transaction.</summary>
    /// <param name="owned">False leaves the tables without owner, as on a kernel that has none.</param>
    /// <exception cref="LinuxException">The kernel refused; everything is as it was.</exception>
    public void Program(ClassTable classes, bool owned = true)
    {
        // A connection that was judged under another policy is judged again: see the epoch in the rules.
        var next = NodeRuleset.Build(NodeShape.Default, classes, Ports(classes), _epoch + 1);
        if (_programmed is { } before) Update(before, next);
        else Create(next, owned);
        _programmed = next;
        _epoch++;
    }

    public void Dispose() => Socket.Dispose();

    private void Create(NodeRuleset ruleset, bool owned)
    {
        if (owned)
        {
            try
            {
                Create(ruleset, NftTableFlags.Owner | NftTableFlags.Persist);
                IsOwner = true;
            }
            // A kernel that does not know the flags says so and has done nothing.
            catch (LinuxException e) when (e.ErrorNumber is Errno.EOPNOTSUPP or Errno.EINVAL)
            {
            }
        }
        if (!IsOwner) Create(ruleset, NftTableFlags.None);
        Sysctl.Write(_node.Netns, NodeSysctls.Conntrack);
    }

    private void Create(NodeRuleset ruleset, NftTableFlags flags)
    {
        var batch = new NftBatch(Socket);
        try
        {
            NftNetlinkRenderer.Create(ref batch, ruleset.Tables, flags);
            batch.Commit(Socket, "load the ruleset");
        }
        finally
        {
            batch.Dispose();
        }
    }

    private void Update(NodeRuleset before, NodeRuleset next)
    {
        var batch = new NftBatch(Socket);
        try
        {
            NftNetlinkRenderer.Update(ref batch, before.Bridge, next.Bridge);
            NftNetlinkRenderer.Update(ref batch, before.Inet, next.Inet);
            batch.Commit(Socket, "update the ruleset");
        }
        finally
        {
            batch.Dispose();
        }
    }

    private List<PortAddress> Ports(ClassTable classes)
    {
        var byPod = _node.Attachments.Where(a => a.Endpoint is PodEndpoint).ToDictionary(a => a.Endpoint!);
        var ports = new List<PortAddress>(classes.Addresses.Count);
        Span<byte> mac = stackalloc byte[6];
        foreach (var address in classes.Addresses)
        {
            if (!byPod.TryGetValue(address.Pod, out var attachment)) continue;
            attachment.Mac.Write(mac);
            ports.Add(new PortAddress(attachment.Port, mac.ToArray(), address));
        }
        return ports;
    }
}
