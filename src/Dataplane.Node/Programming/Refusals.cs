using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Node.Programming;

/// <summary>First packets that the rules answered because nobody serves where they went.</summary>
public static class Refusals
{
    /// <summary>Since the rules were loaded; 0 on a node without Services. Any thread may ask.</summary>
    public static long Count(Netns node)
    {
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
        return (long)(NftRules.Dump(socket, NftFamily.Inet, SetNames.Table)
            .FirstOrDefault(rule => rule.Chain == ChainNames.Refuse && rule.Packets is not null).Packets ?? 0);
    }
}
