using System.Net.Sockets;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>Family -> the class number of the node as a peer of egress rules of a tier.</summary>
internal sealed class NodeClassSource : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        foreach (var address in (added ? change.Added : change.Removed).Node)
        {
            sink.Element([address.Address.AddressFamily == AddressFamily.InterNetwork
                ? NftPacketFamily.IPv4 : NftPacketFamily.IPv6],
                data: BitConverter.GetBytes(address.Class.Value));
        }
    }
}
