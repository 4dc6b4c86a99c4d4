using System.Net.Sockets;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>Family -> the class number of the node as a peer of egress rules of a tier.</summary>
internal sealed class NodeClassSource : ElementSource
{
    // NFPROTO_IPV4 and NFPROTO_IPV6, linux/netfilter.h
    private const byte IPv4 = 2, IPv6 = 10;

    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        foreach (var address in (added ? change.Added : change.Removed).Node)
        {
            sink.Element([address.Address.AddressFamily == AddressFamily.InterNetwork ? IPv4 : IPv6],
                data: BitConverter.GetBytes(address.Class.Value));
        }
    }
}
