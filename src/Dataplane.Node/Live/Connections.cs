using System.Net;
using Dataplane.Linux;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Network;
using Dataplane.Policy;
using Dataplane.Policy.Compilation;
using Dataplane.Rules.Nftables;

namespace Dataplane.Node.Live;

/// <summary>
/// The node's live connections: those whose ct mark carries an epoch of ours. They are judged by the direction in which they were
/// opened, and ended one by one: what is not ours stays.
/// </summary>
internal sealed class Connections(BridgeNode node) : IDisposable
{
    /// <summary>So many requests and their answers fit into the socket's buffers; a table can hold many more entries.</summary>
    private const int BatchSize = 10_000;

    private readonly NetlinkSocket _socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node.Netns);

    /// <summary>A dump walks all buckets of the machine's one table, whosever entries they hold: some 9 ms; the count is the namespace's own.</summary>
    public IReadOnlyList<ConntrackEntry> All() => Sysctl.Read(node.Netns, "net/netfilter/nf_conntrack_count") == "0" ? [] : ConntrackTable.Dump(_socket);

    /// <summary>The live connections that these policies deny. Those whose ends are no pods of the cluster are left out.</summary>
    public IReadOnlyList<(ConntrackEntry Entry, CutConnection Cut)> Denied(Cluster cluster, ClassTable classes)
    {
        var live = All().Where(e => (e.Mark & MarkBits.Epoch) != 0).ToList();
        if (live.Count == 0) return [];
        var evaluator = new CompiledEvaluator(classes);
        var pods = new Dictionary<IPAddress, Endpoint>();
        foreach (var pod in cluster.Pods.Where(p => !p.IsHostNetwork))
            foreach (var address in new[] { pod.IPv4, pod.IPv6 }.OfType<IPAddress>()) pods[address] = pod;
        // The node's are all that it has, wherever.
        var local = Addresses.Dump(node.Route).Select(a => a.Address).Append(cluster.Node.IPv4).Append(cluster.Node.IPv6).ToHashSet();
        var denied = new List<(ConntrackEntry, CutConnection)>();
        foreach (var entry in live)
        {
            var (from, to) = (EndOf(entry.Original.Source), EndOf(entry.Original.Destination));
            if (from is PodEndpoint || to is PodEndpoint)
                if (!evaluator.IsAllowed(new Flow(from, to, ProbeOf(entry.Original), entry.Original.Source.AddressFamily)))
                    denied.Add((entry, new CutConnection(from.Name, to.Name, entry.Original)));
        }
        return denied;

        Endpoint EndOf(IPAddress address) => pods.GetValueOrDefault(address)
            ?? (local.Contains(address) ? cluster.Node : new ExternalEndpoint(address));
    }

    /// <summary>
    /// Ends them. A TCP entry is deleted: no later segment makes a new one (nf_conntrack_tcp_loose). Any other stays without our
    /// mark until it times out, so that what the far end still sends is an answer that is judged, and opens nothing of its own.
    /// </summary>
    public void End(IEnumerable<ConntrackEntry> entries) => Send("end connections", entries, static (ref batch, entry) =>
    {
        if (entry.Original.Protocol == (byte)IpProtocol.Tcp) ConntrackTable.Delete(ref batch, entry.Original, entry.Id);
        else ConntrackTable.SetMark(ref batch, entry.Original, 0);
    });

    /// <summary>Deletes every entry with one of these addresses at either end: whoever gets the address next inherits nothing.</summary>
    public void Forget(IReadOnlySet<IPAddress> gone)
    {
        if (gone.Count == 0) return;
        var entries = All().Where(e => gone.Contains(e.Original.Source) || gone.Contains(e.Original.Destination)
            || gone.Contains(e.Reply.Source) || gone.Contains(e.Reply.Destination));
        Send("forget connections", entries, static (ref batch, entry) => ConntrackTable.Delete(ref batch, entry.Original, entry.Id));
    }

    public void Dispose() => _socket.Dispose();

    private static Probe ProbeOf(in ConntrackTuple tuple) => (IpProtocol)tuple.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6
        ? new Probe(FlowProtocol.Icmp, 0)
        : new Probe((FlowProtocol)tuple.Protocol, tuple.DestinationPort);

    private delegate void Request(ref NetlinkWriter batch, ConntrackEntry entry);

    private void Send(string operation, IEnumerable<ConntrackEntry> entries, Request request)
    {
        foreach (var some in entries.Chunk(BatchSize)) Send(operation, some, request);
    }

    private void Send(string operation, ConntrackEntry[] entries, Request request)
    {
        var batch = _socket.NewBatch();
        try
        {
            foreach (var entry in entries) request(ref batch, entry);
            var result = _socket.Send(ref batch);
            foreach (var error in result.Errors)
                // It ended by itself meanwhile.
                if (error.ErrorNumber != Errno.ENOENT) throw new LinuxException(operation, error.ErrorNumber, error.Message, error.AttributeOffset, error.Sequence);
        }
        finally
        {
            batch.Dispose();
        }
    }
}
