using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Ports;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Programming;

/// <summary>The result of a transaction.</summary>
/// <param name="Elements">The number of elements added or deleted.</param>
internal readonly record struct Transaction(int Elements, TimeSpan Took);

/// <summary>
/// Keeps the rules of a node in the kernel, with nf_tables. The socket stays open as long as the node is open: it owns
/// the tables, so no other process can change or flush them, and "persist" lets them outlive the process.
/// </summary>
internal sealed partial class RulesetProgrammer : IDisposable
{
    /// <summary>
    /// The usual size of a whole load, so that the buffer need not grow: bytes for the rules, for each address with
    /// the entries of its policies, and for each backend in a slot with its share of the Service.
    /// </summary>
    private const int RulesBytes = 64 * 1024, AddressBytes = 208, SlotBytes = 128;

    /// <summary>What does not work on a shared node without the guard; see its PassByHooks.</summary>
    private const string WithHooks =
        ", and no pod reaches another by a Service where net.bridge.bridge-nf-call-iptables is 1";

    private readonly NodePorts _node;
    private readonly NodeShape _shape;
    private NodeTables _tables;
    private readonly ProgrammedAddresses _addresses;

    /// <summary>
    /// Null where the elements in the kernel are not known: before the first load, and after a refusal.
    /// </summary>
    private Compiler? _compiler;
    private Cluster? _enforced;
    private SetFill[] _fills = [];

    private uint _epoch;

    /// <param name="shape">Null: the default, without limits. Whether ports have a guard is the node's to say.</param>
    public RulesetProgrammer(NodePorts node, NodeShape? shape = null)
    {
        (_node, _addresses) = (node, new ProgrammedAddresses(node));
        _shape = (shape ?? NodeShape.Default) with { IsGuarded = node.Guard.IsOn };
        _tables = new NodeTables(_shape);
        Socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node.Netns);
    }

    /// <summary>The owner's socket.</summary>
    public NetlinkSocket Socket { get; }

    /// <summary>
    /// The rules that the kernel should have, made for this call: as large as the cluster. Null before the first
    /// <see cref="Program"/>. After a refusal, classes may have other numbers in the kernel until it is programmed
    /// again.
    /// </summary>
    public RulesSnapshot? Snapshot() => Programmed() is { } ruleset ? new RulesSnapshot(ruleset) : null;

    /// <summary>As <see cref="Snapshot"/>, as a model.</summary>
    public NodeRuleset? Programmed()
    {
        if (_enforced is null) return null;
        var classes = (_compiler ?? CompilerOf(_enforced)).Table;
        var ports = _compiler is null ? _addresses.Attached(classes) : _addresses.Known(classes);
        return _tables.Ruleset(
            WithServices(RulesetChange.Whole(classes, ports, _epoch), Services(sorted: true)), _fills);
    }

    /// <summary>Elements in all sets; a range is one.</summary>
    public int Elements => _fills.Sum(f => f.Count);

    /// <summary>False on kernels before 6.9: tables without an owner can be flushed by others.</summary>
    public bool IsOwner { get; private set; }

    /// <summary>Rules are programmed, and other processes can change them. Safe to read from any thread.</summary>
    public bool IsOpenToOthers => _enforced is not null && !IsOwner;

    /// <summary>Warnings for the user that are not failures.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. IsOwner ? Array.Empty<string>() :
        [
            "this kernel has no owned tables (Linux 6.9 has): another program's `nft flush ruleset` would remove ours, "
                + "and close all traffic",
        ],
        .. _node.Guard.WhyNot is { } why ? [$"fragments from pods are dropped"
            + $"{(_shape.IsShared ? WithHooks : "")}, for their ports have no guard: {why}"] : Array.Empty<string>(),
    ];

    /// <summary>
    /// Takes over what an earlier process has left: owns the tables again, where they had an owner, and continues its
    /// count of epochs. The old content is in force until <see cref="Program"/>.
    /// </summary>
    /// <param name="marks">The ct marks of all connections: they may hold epochs that the tables have lost.</param>
    public void Adopt(IEnumerable<uint> marks)
    {
        foreach (var table in Tables().Where(t => t.Flags.HasFlag(NftTableFlags.Persist)))
        {
            using var batch = new NftBatch(Socket);
            batch.NewTable(table.Family, table.Name, NftTableFlags.Owner | NftTableFlags.Persist);
            batch.Commit("own the tables again");
        }
        // Without tables the epoch of live connections is not known: begin with one that none of them is likely to
        // have.
        var epochs = NftTables.DumpElements(Socket, NftFamily.Inet, SetNames.Table, SetNames.EpochNow);
        if (epochs.Count == 0) _epoch = (uint)RandomNumberGenerator.GetInt32(1 << 30);
        foreach (var (_, epoch) in epochs)
            if (epoch.Length == sizeof(uint)) _epoch = Math.Max(_epoch, BitConverter.ToUInt32(epoch) & ~MarkBits.Epoch);
        foreach (var mark in marks)
            if ((mark & MarkBits.Epoch) != 0) _epoch = Math.Max(_epoch, mark & ~MarkBits.Epoch);
    }

    /// <summary>
    /// The interface indexes of ports in the kernel's tables, which may be an earlier process's, with the pods'
    /// addresses.
    /// </summary>
    public IEnumerable<(InterfaceIndex Port, IPAddress Address)> KnownPorts() =>
        from map in new[] { (Name: SetNames.Identity + "4", Address: 4), (Name: SetNames.Identity + "6", Address: 16) }
        from element in NftTables.DumpElements(Socket, NftFamily.Bridge, SetNames.Table, map.Name)
            // The key: the index, the MAC address, padded with zeros, the address.
        where element.Key.Length == 4 + 8 + map.Address
        select (new InterfaceIndex(BitConverter.ToInt32(element.Key)), new IPAddress(element.Key.AsSpan(12)));

    /// <summary>Programs the rules of a cluster, as far as its pods are attached, in one transaction.</summary>
    /// <param name="tightens">
    /// Whether connections that were judged under the policies so far are judged again: see the epoch in the rules. At
    /// the first call they always are.
    /// </param>
    /// <param name="owned">False leaves the tables without owner, as on a kernel that has none.</param>
    /// <exception cref="LinuxException">The kernel refused; everything is as it was.</exception>
    public Transaction Program(Cluster next, bool tightens = true, bool owned = true)
    {
        var epoch = _enforced is null || tightens ? _epoch + 1 : _epoch;
        // Until it is known what the kernel has, and after a refusal until the rules have been seen again.
        if (epoch != _epoch) _node.ShortWay.Close();
        var before = (_tables, NodeAddresses);
        try
        {
            var services = NextServices(next);
            int elements;
            long started;
            if (_compiler is { } compiler)
            {
                var change = compiler.Update(next);
                started = Stopwatch.GetTimestamp();
                var update = _addresses.Update(change, _epoch, epoch) with
                {
                    Services = services.Change, NodeAddresses = services.NodeAddresses,
                };
                elements = (services.SameRules ? Update(update) : null) ?? Load(compiler.Table, epoch, owned);
            }
            else
            {
                compiler = new Compiler();
                var classes = compiler.Update(next).Added;
                started = Stopwatch.GetTimestamp();
                elements = Load(classes, epoch, owned);
            }
            var took = Stopwatch.GetElapsedTime(started);
            NoteGeneration();
            (_compiler, _enforced, _epoch) = (compiler, next, epoch);
            if (!_node.ShortWay.IsOpen) _node.ShortWay.Open(MarkBits.Epoch | epoch);
            Serving.Update(services.Change);
            return new Transaction(elements, took);
        }
        catch
        {
            // The compiler is ahead of the kernel: the next call loads everything.
            (_compiler, _services) = (null, null);
            (_tables, NodeAddresses) = before;
            throw;
        }
    }

    /// <summary>
    /// Lifts the limit of the drop log, or restores it: a verification needs an entry for every packet. A lifted limit
    /// is restored by the kernel after ten minutes. Without a limit this does nothing.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="InvalidOperationException">Nothing is programmed.</exception>
    public void LogEverything(bool everything)
    {
        if (_enforced is null) throw new InvalidOperationException("nothing is programmed");
        if (_shape.LoggedDropsPerSecond is null) return;
        using var batch = new NftBatch(Socket);
        _tables.WriteProbing(batch, everything);
        batch.Commit(everything ? "lift the limit on the drop log" : "limit the drop log");
        CountTransaction();
    }

    public void Dispose() => Socket.Dispose();

    /// <summary>Whether a node's tables are in this namespace.</summary>
    public static bool HasTables(Netns node)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
        return Tables(socket).Count > 0;
    }

    /// <summary>Deletes the rules of a node that no process has open.</summary>
    /// <exception cref="LinuxException">The kernel refused: EPERM where another process owns them.</exception>
    public static void DeleteTables(Netns node)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
        var tables = Tables(socket);
        if (tables.Count == 0) return;
        using var batch = new NftBatch(socket);
        foreach (var table in tables) batch.DeleteTable(table.Family, table.Name);
        batch.Commit("delete the tables");
    }

    private List<NftTableInfo> Tables() => Tables(Socket);

    private static List<NftTableInfo> Tables(NetlinkSocket socket) =>
        [.. NftTables.Dump(socket)
            .Where(t => t.Name == SetNames.Table && t.Family is NftFamily.Inet or NftFamily.Bridge)];

    private static Compiler CompilerOf(Cluster cluster)
    {
        var compiler = new Compiler();
        compiler.Update(cluster);
        return compiler;
    }

    private int Load(ClassTable classes, uint epoch, bool owned)
    {
        var whole = WithServices(_addresses.Load(classes, epoch), Services(sorted: false));
        NftTableFlags[] tries = owned ? [NftTableFlags.Owner | NftTableFlags.Persist, NftTableFlags.None]
            : [NftTableFlags.None];
        foreach (var flags in tries)
        {
            IsOwner = flags != NftTableFlags.None;
            try
            {
                Load(whole, flags, delete: []);
                break;
            }
            // The tables in the kernel have other flags or another shape: an older version of this program made them.
            catch (LinuxException e) when (e.ErrorNumber is Errno.EEXIST or Errno.EOPNOTSUPP or Errno.EINVAL
                && Tables() is { Count: > 0 } old)
            {
                try
                {
                    Load(whole, flags, old);
                    break;
                }
                catch (LinuxException again) when (IsOwner && again.ErrorNumber is Errno.EOPNOTSUPP or Errno.EINVAL)
                {
                }
            }
            // A kernel that does not know the flags refuses the whole transaction.
            catch (LinuxException e) when (IsOwner && e.ErrorNumber is Errno.EOPNOTSUPP or Errno.EINVAL)
            {
            }
        }
        Sysctl.Write(_node.Netns, _node.ConntrackSettings);
        _node.ShortWay.Learn(_node.Netns);
        return Elements;
    }

    private void Load(RulesetChange whole, NftTableFlags flags, List<NftTableInfo> delete)
    {
        // A killed trace leaves a chain behind, and any process could add one while the tables had no owner.
        var surplus = delete.Count > 0 ? [] : _tables.Tables.SelectMany(table =>
            NftTables.Chains(Socket, table.Family, table.Name).Except(table.Chains.Select(c => c.Name))
                .Select(chain => (table.Family, table.Name, Chain: chain))).ToList();
        // Of an earlier process that had Services. A verdict map keeps its chains from being deleted.
        var sets = delete.Count > 0 ? [] : _tables.Tables.SelectMany(table =>
            NftTables.Sets(Socket, table.Family, table.Name).Except(table.Sets.Select(s => s.Name))
                .Select(set => (table.Family, table.Name, Set: set))).ToList();
        using var batch = new NftBatch(
            Socket, capacity: RulesBytes + AddressBytes * whole.Addresses.Sum(a => a.Length)
                + SlotBytes * whole.Services.Added.Slots.Count);
        foreach (var table in delete) batch.DeleteTable(table.Family, table.Name);
        var fills = _tables.Create(batch, whole, flags,
            table => delete.Count > 0 ? [] : NftTables.Sets(Socket, table.Family, table.Name));
        foreach (var (family, table, set) in sets) batch.DeleteSet(family, table, set);
        foreach (var (family, table, chain) in surplus) batch.DeleteChain(family, table, chain);
        batch.Commit("load the ruleset");
        (_fills, _sums, _found) = (fills, null, null);
    }
}
