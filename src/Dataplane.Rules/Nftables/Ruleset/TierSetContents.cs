using System.Net.Sockets;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation;

namespace Dataplane.Rules.Nftables;

/// <summary>The sets of the Admin and Baseline tiers of one direction.</summary>
internal static class TierSetContents
{
    private static readonly NftType[] Pair = [NftType.Mark, NftType.ClassId];

    public static IEnumerable<NftSet> Sets(DirectionSets names, TierTable table, PortAddress[] four, PortAddress[] six,
        Func<AddressClasses, TierRoles> roles, IReadOnlyList<NodeAddressClass> node, NftType subject, NftType peer)
    {
        yield return SetContents.Map(names.TierSubject + "4", NftType.Ipv4, subject, four, c => roles(c).Subject);
        yield return SetContents.Map(names.TierSubject + "6", NftType.Ipv6, subject, six, c => roles(c).Subject);
        yield return WithNode(SetContents.Map(names.TierPeer + "4", NftType.Ipv4, peer, four, c => roles(c).Peer), node, AddressFamily.InterNetwork);
        yield return WithNode(SetContents.Map(names.TierPeer + "6", NftType.Ipv6, peer, six, c => roles(c).Peer), node, AddressFamily.InterNetworkV6);
        yield return SetContents.Outside(names.TierOutside + "4", NftType.Ipv4, peer, table.Outside.Where(c => c.Family == AddressFamily.InterNetwork));
        yield return SetContents.Outside(names.TierOutside + "6", NftType.Ipv6, peer, table.Outside.Where(c => c.Family == AddressFamily.InterNetworkV6));
        yield return Verdicts(names.TierAny, Pair, e => e.Protocol is null);
        yield return Verdicts(names.TierProtocol, [.. Pair, NftType.Protocol], p => p is { Protocol: not null, IsWholeProtocol: true });
        yield return Verdicts(names.TierPort, [.. Pair, NftType.Protocol, NftType.Port], SetContents.IsOnePort);
        yield return Verdicts(names.TierRange, [.. Pair, NftType.Protocol, NftType.Port], SetContents.IsRange, interval: true);

        NftSet Verdicts(string name, NftType[] key, Func<PortRange, bool> belongs, bool interval = false) => new(name, key, NftType.Mark, interval,
            [.. table.Entries.Where(e => belongs(e.Ports)).Select(e => new NftElement(
                Key(e, e.Ports.First, interval), interval ? Key(e, e.Ports.Last, interval) : null, BitConverter.GetBytes((uint)e.Verdict)))]);

        byte[] Key(TierEntry entry, ushort port, bool interval) => subject == NftType.Mark
            ? SetContents.Key(entry.Subject, entry.Peer, entry.Ports, port, interval)
            : SetContents.Key(entry.Peer, entry.Subject, entry.Ports, port, interval);
    }

    private static NftSet WithNode(NftSet map, IReadOnlyList<NodeAddressClass> node, AddressFamily family) => map with
    {
        Elements = [.. map.Elements, .. node.Where(n => n.Address.AddressFamily == family)
            .Select(n => new NftElement(n.Address.GetAddressBytes(), Data: BitConverter.GetBytes(n.Class)))],
    };
}
