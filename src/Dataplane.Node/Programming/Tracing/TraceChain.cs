using Dataplane.Linux.Frames;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Node.Programming.Tracing;

/// <summary>
/// A chain before ours until it is disposed: its one rule turns tracing on for one packet, and does nothing else. The
/// packet is recognised by its addresses and the first eight bytes of its transport header, which hold the ports and
/// all or part of the probe's id.
/// </summary>
internal sealed class TraceChain : IDisposable
{
    public const string Name = "trace";
    private static readonly byte[] EtherTypeIPv4 = [0x08, 0x00], EtherTypeIPv6 = [0x86, 0xdd];

    private readonly RulesetProgrammer _owner;
    private readonly NftFamily _family;

    private TraceChain(RulesetProgrammer owner, NftFamily family) => (_owner, _family) = (owner, family);

    /// <param name="owner">Its socket owns the tables.</param>
    /// <param name="packet">From the network header on.</param>
    /// <param name="priority">Lower than that of our own chain at this hook.</param>
    public static TraceChain Add(RulesetProgrammer owner, NftFamily family, NftHook hook, int priority,
        ReadOnlySpan<byte> packet)
    {
        using var batch = new NftBatch(owner.Socket);
        batch.NewBaseChain(family, SetNames.Table, Name, "filter", hook, priority, NftVerdict.Accept);
        var rule = batch.BeginRule(family, SetNames.Table, Name);
        Match(batch, family, packet);
        batch.Immediate(1, 1);
        batch.MetaStore(NftMeta.Trace, 1);
        batch.EndRule(rule);
        batch.Commit("trace one packet");
        owner.CountTransaction();
        return new TraceChain(owner, family);
    }

    public void Dispose()
    {
        using var batch = new NftBatch(_owner.Socket);
        batch.DeleteChain(_family, SetNames.Table, Name);
        batch.Commit("end the trace");
        _owner.CountTransaction();
    }

    private static void Match(NftBatch batch, NftFamily family, ReadOnlySpan<byte> packet)
    {
        if (!IpView.TryParse(packet, out var ip)) throw new ArgumentException("not an IP packet", nameof(packet));
        if (family == NftFamily.Bridge)
        {
            batch.MetaLoad(NftMeta.Protocol, 1);
            batch.Compare(1, NftCompare.Equal, ip.IsIPv6 ? EtherTypeIPv6 : EtherTypeIPv4);
        }
        else
        {
            batch.MetaLoad(NftMeta.NfProto, 1);
            batch.Compare(1, NftCompare.Equal, [ip.IsIPv6 ? NftPacketFamily.IPv6 : NftPacketFamily.IPv4]);
        }
        // The destination follows the source.
        var (at, length) = ip.IsIPv6 ? (8, 16) : (12, 4);
        for (var end = 0; end < 2; end++, at += length)
        {
            batch.PayloadLoad(NftPayload.Network, at, length, 1);
            batch.Compare(1, NftCompare.Equal, packet.Slice(at, length));
        }
        batch.MetaLoad(NftMeta.L4Proto, 1);
        batch.Compare(1, NftCompare.Equal, [(byte)ip.Protocol]);
        batch.PayloadLoad(NftPayload.Transport, 0, 8, 1);
        batch.Compare(1, NftCompare.Equal, ip.Transport[..8]);
    }
}
