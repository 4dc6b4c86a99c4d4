using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>The ct mark of the present epoch, as a key.</summary>
internal sealed class EpochOkSource : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        if ((added ? change.EpochAfter : change.EpochBefore) is not { } epoch) return;
        Span<byte> mark = stackalloc byte[sizeof(uint)];
        BitConverter.TryWriteBytes(mark, MarkBits.Epoch | epoch);
        sink.Element(mark);
    }
}

/// <summary>
/// Family -> the ct mark of the present epoch. A map, since the mark that a rule stamps can change only as data.
/// </summary>
internal sealed class EpochNowSource : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        if ((added ? change.EpochAfter : change.EpochBefore) is not { } epoch) return;
        Span<byte> mark = stackalloc byte[sizeof(uint)];
        BitConverter.TryWriteBytes(mark, MarkBits.Epoch | epoch);
        sink.Element([NftPacketFamily.IPv4], data: mark);
        sink.Element([NftPacketFamily.IPv6], data: mark);
    }
}
