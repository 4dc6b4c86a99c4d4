using Dataplane.Linux.Nftables;

namespace Dataplane.Rules.Nftables.Model;

/// <summary>
/// A piece of a datagram (RFC 791, 3.1; RFC 8200, 4.5), in the table of the bridge. In IPv6 also one that is whole and
/// only has the header of a piece.
/// </summary>
public sealed record MatchFragment(NftProtocol Protocol) : NftStatement
{
    public override string Text =>
        Protocol == NftProtocol.IPv4 ? "ip frag-off & 0x3fff != 0" : "exthdr frag exists";

    public override void Write(NftBatch batch, NftRuleContext context)
    {
        if (Protocol == NftProtocol.IPv4)
        {
            NftFields.Require(batch, context.Family, Protocol);
            batch.PayloadLoad(NftPayload.Network, 6, 2, 1);
            batch.Mask(1, [0x3f, 0xff]);
            batch.Compare(1, NftCompare.NotEqual, [0, 0]);
            return;
        }
        batch.PayloadLoad(NftPayload.Link, 12, 2, 1);
        batch.Compare(1, NftCompare.Equal, [0x86, 0xdd]);
        batch.HeaderPresent(44, 1); // NEXTHDR_FRAGMENT
        batch.Compare(1, NftCompare.Equal, [1]);
    }
}
