using System.Net;
using Dataplane.Linux.Conntrack;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Ports;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Live;

/// <summary>
/// The node's live connections: those whose ct mark carries an epoch of ours. They are judged by the direction in which
/// they were opened, and ended one by one: what is not ours stays.
/// </summary>
internal sealed class Connections(NodePorts node) : IDisposable
{
    /// <summary>
    /// Maximum number of requests in one batch: they and their answers fit into the socket's buffers. A conntrack table
    /// can have many more entries.
    /// </summary>
    private const int BatchSize = 10_000;

    private readonly NetlinkSocket _socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node.Netns);

    /// <summary>The number of entries that the table may have; null if the kernel does not say.</summary>
    public uint? Capacity => ConntrackTable.Capacity(_socket);

    /// <summary>All conntrack entries of the node's namespace.</summary>
    public IReadOnlyList<ConntrackEntry> All() => IsEmpty() ? [] : ConntrackTable.Dump(_socket);

    /// <summary>The live connections: the entries with an epoch in the ct mark.</summary>
    public IReadOnlyList<ConntrackEntry> Live() =>
        IsEmpty() ? [] : ConntrackTable.Dump(_socket, MarkBits.Epoch, MarkBits.Epoch);

    /// <summary>
    /// The live connections that the policies of this cluster deny. Connections without a pod of the cluster at an end
    /// are left out.
    /// </summary>
    /// <param name="podAt">
    /// Returns the pod of the cluster with an address, hostNetwork pods excepted; null: none.
    /// </param>
    public IReadOnlyList<(ConntrackEntry Entry, CutConnection Cut)> Denied(IReadOnlyList<ConntrackEntry> connections,
        Cluster cluster, Func<IPAddress, PodEndpoint?> podAt)
    {
        var denied = new List<(ConntrackEntry, CutConnection)>();
        if (connections.Count == 0) return denied;
        var judge = new FlowJudge(cluster);
        var endOf = Ends(cluster, podAt);
        foreach (var entry in connections)
        {
            if ((entry.Mark & MarkBits.Epoch) == 0) continue;
            var ends = entry.Ends;
            var (from, to) = (endOf(ends.Source), endOf(ends.Destination));
            // Traffic from the node to its pods is always allowed.
            if (from is PodEndpoint || (to is PodEndpoint && !from.IsNodeTraffic()))
            {
                if (!judge.Allows(new Flow(from, to, ProbeOf(ends), ends.Source.AddressFamily)))
                    denied.Add((entry, new CutConnection(from.Name, to.Name, ends)));
            }
        }
        return denied;
    }

    /// <summary>The entries with the names of their ends.</summary>
    /// <param name="podAt">As for <see cref="Denied"/>.</param>
    public IReadOnlyList<(ConntrackEntry Entry, CutConnection Cut)> Named(
        IEnumerable<ConntrackEntry> entries, Cluster cluster, Func<IPAddress, PodEndpoint?> podAt)
    {
        var endOf = Ends(cluster, podAt);
        return [.. entries.Select(entry => (entry, new CutConnection(endOf(entry.Ends.Source).Name,
            endOf(entry.Ends.Destination).Name, entry.Ends)))];
    }

    private Func<IPAddress, Endpoint> Ends(Cluster cluster, Func<IPAddress, PodEndpoint?> podAt)
    {
        // The node's addresses: those of all its interfaces, and those of its manifest.
        var local = Addresses.Dump(node.Route).Select(a => a.Address).Append(cluster.Node.IPv4)
            .Append(cluster.Node.IPv6).ToHashSet();
        return address =>
            podAt(address) ?? (local.Contains(address) ? cluster.Node : (Endpoint)new ExternalEndpoint(address));
    }

    /// <summary>
    /// Ends connections. A TCP entry is deleted: no later segment creates a new one (nf_conntrack_tcp_loose). Any other
    /// entry only loses our mark and stays until it times out: packets that the far end still sends are then judged as
    /// replies, instead of opening a connection of their own.
    /// </summary>
    public void End(IEnumerable<ConntrackEntry> entries) =>
        Send("end connections", entries, static (batch, entry) =>
    {
        if (entry.Original.Protocol == (byte)IpProtocol.Tcp) ConntrackTable.Delete(batch, entry.Original, entry.Id);
        else ConntrackTable.SetMark(batch, entry.Original, 0);
    });

    /// <summary>Deletes entries: the next packet of such a connection is looked at as a first one.</summary>
    public void Delete(IEnumerable<ConntrackEntry> entries) => Send("end connections", entries,
        static (batch, entry) => ConntrackTable.Delete(batch, entry.Original, entry.Id));

    /// <summary>
    /// Deletes the entries with one of these addresses at either end, with our mark or without it: the next pod with
    /// the address must not inherit connections.
    /// </summary>
    public void Forget(IReadOnlyList<ConntrackEntry> connections, IReadOnlySet<IPAddress> gone)
    {
        var entries = connections.Where(e => gone.Contains(e.Original.Source) || gone.Contains(e.Original.Destination)
            || gone.Contains(e.Reply.Source) || gone.Contains(e.Reply.Destination));
        Send("forget connections", entries, static (batch, entry) =>
            ConntrackTable.Delete(batch, entry.Original, entry.Id));
    }

    /// <summary>
    /// Deletes the UDP entries of Services whose backend has gone, or that had none: whoever goes on sending would be
    /// led to it for as long as he sends. A TCP connection has an end of its own.
    /// </summary>
    public void ForgetStale(Predicate<ConntrackEntry> isStale) => Send("forget connections to backends that have gone",
        All().Where(e => e.Original.Protocol == (byte)IpProtocol.Udp && isStale(e)),
        static (batch, entry) => ConntrackTable.Delete(batch, entry.Original, entry.Id));

    public void Dispose() => _socket.Dispose();

    /// <summary>
    /// Whether this namespace has no conntrack entries. Asked before a dump: a dump walks the table of the whole
    /// machine (some 9 ms), while the count is kept for each namespace.
    /// </summary>
    private bool IsEmpty() => ConntrackTable.Count(_socket) == 0;

    private static Probe ProbeOf(in ConntrackTuple tuple) =>
        (IpProtocol)tuple.Protocol is IpProtocol.Icmp or IpProtocol.Icmpv6
        ? new Probe(FlowProtocol.Icmp, 0)
        : new Probe((FlowProtocol)tuple.Protocol, tuple.DestinationPort);

    private void Send(
        string operation, IEnumerable<ConntrackEntry> entries, Action<NetlinkWriter, ConntrackEntry> request)
    {
        foreach (var some in entries.Chunk(BatchSize)) Send(operation, some, request);
    }

    private void Send(string operation, ConntrackEntry[] entries, Action<NetlinkWriter, ConntrackEntry> request)
    {
        using var batch = _socket.NewBatch();
        foreach (var entry in entries) request(batch, entry);
        // ENOENT: the connection has ended meanwhile.
        _socket.Commit(operation, batch, tolerate: Errno.ENOENT);
    }
}
