using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Tests;

/// <summary>
/// What a change costs is counted, not timed: elements, bytes of the transaction, bytes allocated. It is the change
/// that counts; the ten thousand pods around it are nowhere in it.
/// </summary>
public sealed class CostOfChange
{
    private const int Pods = 10_000, Classes = 1_000;

    private static readonly NodeTables Tables = new(NodeShape.Default);
    private static readonly RulesetChange Nothing =
        new(new([], []), RulesetChange.Nothing, RulesetChange.Nothing, null, null);

    [Fact]
    public void Another_port_in_a_policy() => AssertCosts(Nothing with
    {
        Removed = Ingress(new AllowEntry(new(40), new(41), Port(80))),
        Added = Ingress(new AllowEntry(new(40), new(41), Port(81))),
        EpochBefore = 7,
        EpochAfter = 8,
    }, elements: 8, bytes: 600);

    [Fact]
    public void One_pod_more() => AssertCosts(
        Nothing with { Addresses = new([new(null, Address(1, four: true))], [new(null, Address(1, four: false))]) },
        elements: 20, bytes: 2100);

    /// <summary>Its labels put it among the peers of other policies; it is isolated by the same.</summary>
    [Fact]
    public void A_pod_relabelled()
    {
        AssertCosts(Nothing with { Addresses = new([Moved(four: true)], [Moved(four: false)]) },
            elements: 8, bytes: 800);

        static AddressChange Moved(bool four)
        {
            var before = Address(1, four);
            return new(before, before with
            {
                Classes = before.Classes with
                {
                    Egress = before.Classes.Egress with { Peer = new(900) },
                    Ingress = before.Classes.Ingress with { Peer = new(901) },
                },
            });
        }
    }

    [Fact]
    public void A_load_allocates_nothing_for_an_element()
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        var ports = Enumerable.Range(0, Pods)
            .SelectMany(i => new[] { Address(i, four: true), Address(i, four: false) })
            .ToList();
        var direction = new DirectionTable([.. Enumerable.Range(0, Classes).Select(Number)],
            [.. Enumerable.Range(0, 50_000).Select(i => new AllowEntry(Number(i % Classes), Number(i / Classes),
                i % 10 == 0 ? new PortRange(FlowProtocol.Tcp, 80, 90) : Port(80)))], [], [], []);
        var whole = RulesetChange.Whole(new ClassTable([], direction, direction, TierTable.Empty, TierTable.Empty, []),
            ports, 1);
        var (least, elements) = (long.MaxValue, 0);
        // The first time methods are compiled.
        for (var run = 0; run < 4; run++)
        {
            // What is written needs room: a buffer of this size, and nothing else.
            var batch = new NftBatch(socket, capacity: 32 << 20);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Tables.Create(batch, whole, NftTableFlags.None);
            (least, elements) = (Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before), batch.Elements);
            batch.Dispose();
        }
        Assert.True(elements > 200_000, $"{elements} elements");
        Assert.InRange((double)least / elements, 0, 8);
    }

    private static void AssertCosts(RulesetChange change, int elements, int bytes)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter);
        var fills = new SetFill[Tables.Tables.Sum(t => t.Sets.Count)];
        var (written, length, allocated) = (0, 0, long.MaxValue);
        // The first time methods are compiled.
        for (var run = 0; run < 4; run++)
        {
            // The batch itself is a constant cost; what is written into it allocates nothing.
            using var batch = new NftBatch(socket);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Tables.Update(batch, change, fills);
            batch.Writer.End();
            (written, length, allocated) =
                (batch.Elements, batch.Length, Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before));
        }
        Assert.Equal(elements, written);
        Assert.InRange(length, 1, bytes);
        Assert.Equal(0, allocated);
    }

    private static ClassTable Ingress(AllowEntry entry) =>
        RulesetChange.Nothing with { Ingress = DirectionTable.Empty with { Allowed = [entry] } };

    private static PortRange Port(ushort port) => new(FlowProtocol.Tcp, port, port);

    private static ClassNumber Number(int of) => new(Realm.FirstClass.Value + (uint)of);

    private static PortAddress Address(int number, bool four)
    {
        var (high, low) = ((byte)((number + 2) >> 8), (byte)(number + 2));
        var address = four
            ? new IPAddress([10, 244, high, low])
            : new IPAddress([0xfd, 0, 0x10, 0x24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, high, low]);
        var pod = new PodEndpoint(new PodObject($"namespace-{number % 500}", $"pod-{number}",
            new Dictionary<string, string>(), [], false, [], new SourcePosition("cost.yaml", 1, 1)),
            four ? address : null, four ? null : address);
        var roles = new RoleClasses(Number(number % Classes), Number(2 * Classes), Number(number % Classes),
            Number(2 * Classes + number % 7));
        return new PortAddress(new(1001 + number), new(0x0200_0100_0000 + (ulong)number),
            new AddressClasses(pod, address, roles, roles, default, default));
    }
}
