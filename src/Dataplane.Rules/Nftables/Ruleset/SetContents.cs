using System.Net.Sockets;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation;

namespace Dataplane.Rules.Nftables;

/// <summary>From attached addresses and a class table to elements. This is all that pods and policies ever change.</summary>
internal static class SetContents
{
    public static IReadOnlyList<NftSet> Bridge(IReadOnlyList<PortAddress> ports) =>
    [
        Identity(SetNames.Identity + "4", NftType.Ipv4, Of(ports, AddressFamily.InterNetwork)),
        Identity(SetNames.Identity + "6", NftType.Ipv6, Of(ports, AddressFamily.InterNetworkV6)),
    ];

    public static IReadOnlyList<NftSet> Inet(IReadOnlyList<PortAddress> ports, ClassTable classes, uint epoch)
    {
        var (four, six) = (Of(ports, AddressFamily.InterNetwork), Of(ports, AddressFamily.InterNetworkV6));
        return
        [
            .. Direction(SetNames.Egress, classes.Egress, four, six, c => c.Egress, NftType.Mark, NftType.ClassId),
            .. Direction(SetNames.Ingress, classes.Ingress, four, six, c => c.Ingress, NftType.ClassId, NftType.Mark),
            .. TierSetContents.Sets(SetNames.Egress, classes.EgressTiers, four, six, c => c.EgressTiers, classes.Node, NftType.ClassId, NftType.Mark),
            .. TierSetContents.Sets(SetNames.Ingress, classes.IngressTiers, four, six, c => c.IngressTiers, [], NftType.Mark, NftType.ClassId),
            Self(SetNames.Self + "4", NftType.Ipv4, four), Self(SetNames.Self + "6", NftType.Ipv6, six),
            new NftSet(SetNames.EpochOk, [NftType.Mark], null, false, [new NftElement(BitConverter.GetBytes(epoch))]),
            new NftSet(SetNames.EpochNow, [NftType.NfProto], NftType.Mark, false,
                [new NftElement([2], Data: BitConverter.GetBytes(epoch)), new NftElement([10], Data: BitConverter.GetBytes(epoch))]),
        ];
    }

    private static IEnumerable<NftSet> Direction(DirectionSets names, DirectionTable table, PortAddress[] four, PortAddress[] six,
        Func<AddressClasses, RoleClasses> roles, NftType subject, NftType peer)
    {
        var isEgress = names == SetNames.Egress;
        yield return Map(names.Subject + "4", NftType.Ipv4, subject, four, c => Subject(roles(c).Subject));
        yield return Map(names.Subject + "6", NftType.Ipv6, subject, six, c => Subject(roles(c).Subject));
        yield return Map(names.SubjectGroup + "4", NftType.Ipv4, subject, four, c => Subject(roles(c).SubjectGroup));
        yield return Map(names.SubjectGroup + "6", NftType.Ipv6, subject, six, c => Subject(roles(c).SubjectGroup));
        yield return Map(names.Peer + "4", NftType.Ipv4, peer, four, c => roles(c).Peer);
        yield return Map(names.Peer + "6", NftType.Ipv6, peer, six, c => roles(c).Peer);
        yield return Map(names.PeerGroup + "4", NftType.Ipv4, peer, four, c => roles(c).PeerGroup);
        yield return Map(names.PeerGroup + "6", NftType.Ipv6, peer, six, c => roles(c).PeerGroup);
        yield return Outside(names.Outside + "4", NftType.Ipv4, peer, table.Outside.Where(c => c.Family == AddressFamily.InterNetwork));
        yield return Outside(names.Outside + "6", NftType.Ipv6, peer, table.Outside.Where(c => c.Family == AddressFamily.InterNetworkV6));
        yield return Outside(names.OutsideGroup + "4", NftType.Ipv4, peer, table.OutsideGroups.Where(c => c.Family == AddressFamily.InterNetwork));
        yield return Outside(names.OutsideGroup + "6", NftType.Ipv6, peer, table.OutsideGroups.Where(c => c.Family == AddressFamily.InterNetworkV6));
        yield return new NftSet(names.Isolated, [subject], null, false, [.. table.Isolated.Select(s => new NftElement(BitConverter.GetBytes(Subject(s))))]);
        // Marks come before class ids in every key, so the pair's order depends on the direction.
        NftType[] pair = [NftType.Mark, NftType.ClassId];
        yield return new NftSet(names.Except, pair, null, false, [.. table.Except.Select(e => new NftElement(Pair(e.Subject, e.Peer)))]);
        yield return Allowed(names.Any, pair, table, e => e.Ports.Protocol is null);
        yield return Allowed(names.Protocol, [.. pair, NftType.Protocol], table, e => e.Ports is { Protocol: not null, IsWholeProtocol: true });
        yield return Allowed(names.Port, [.. pair, NftType.Protocol, NftType.Port], table, e => IsOnePort(e.Ports));
        yield return Allowed(names.Range, [.. pair, NftType.Protocol, NftType.Port], table, e => IsRange(e.Ports), interval: true);

        // Behind the first rule of the inet table the mark holds the egress subject together with the bit that says "known".
        uint Subject(uint id) => isEgress && id != 0 ? MarkBits.Known | id : id;

        NftSet Allowed(string name, NftType[] key, DirectionTable from, Func<AllowEntry, bool> belongs, bool interval = false) =>
            new(name, key, null, interval, [.. from.Allowed.Where(belongs).Select(Element)]);

        (uint Mark, uint ClassId) Registers(uint subject, uint peer) => isEgress ? (Subject(subject), peer) : (peer, subject);

        byte[] Pair(uint subject, uint peer)
        {
            var (mark, classId) = Registers(subject, peer);
            return Key(mark, classId, PortRange.Everything, 0, interval: false);
        }

        NftElement Element(AllowEntry entry)
        {
            var (mark, classId) = Registers(entry.Subject, entry.Peer);
            var ports = entry.Ports;
            var isRange = IsRange(ports);
            return new NftElement(Key(mark, classId, ports, ports.First, isRange), isRange ? Key(mark, classId, ports, ports.Last, isRange) : null);
        }
    }

    internal static bool IsRange(PortRange ports) => ports is { Protocol: not null, IsWholeProtocol: false } && !IsOnePort(ports);

    internal static bool IsOnePort(PortRange ports) => ports.Protocol is not null && ports.First == ports.Last;

    internal static byte[] Key(uint mark, uint classId, PortRange ports, ushort port, bool interval)
    {
        var key = new NftKey(stackalloc byte[16]);
        if (interval)
        {
            key.Network(mark);
            key.Network(classId);
        }
        else
        {
            key.Host(mark);
            key.Host(classId);
        }
        if (ports.Protocol is { } protocol)
        {
            key.Byte((byte)protocol);
            if (!ports.IsWholeProtocol) key.Port(port);
        }
        return key.ToArray();
    }

    private static NftSet Identity(string name, NftType address, PortAddress[] ports) =>
        new(name, [NftType.InterfaceName, NftType.Ether, address], NftType.Mark, false, [.. ports.Select(p =>
        {
            var key = new NftKey(stackalloc byte[40]);
            key.InterfaceName(p.Port);
            key.Bytes(p.Mac);
            key.Address(p.Address);
            return new NftElement(key.ToArray(), Data: BitConverter.GetBytes(MarkBits.Identified | p.Classes.Egress.Subject), Comment: p.Classes.Pod.Name);
        })]);

    internal static NftSet Map(string name, NftType address, NftType data, PortAddress[] ports, Func<AddressClasses, uint> value) =>
        new(name, [address], data, false, [.. ports.Select(p => (p, Value: value(p.Classes))).Where(x => x.Value != 0)
            .Select(x => new NftElement(x.p.Address.GetAddressBytes(), Data: BitConverter.GetBytes(x.Value)))]);

    private static NftSet Self(string name, NftType address, PortAddress[] ports) =>
        new(name, [address, address], null, false, [.. ports.Select(p => p.Address.GetAddressBytes()).Select(a => new NftElement([.. a, .. a]))]);

    internal static NftSet Outside(string name, NftType address, NftType data, IEnumerable<CidrClass> ranges) =>
        new(name, [address], data, true, [.. ranges.Select(r => new NftElement(
            Number(r.Range.First, address.Length), Number(r.Range.Last, address.Length), BitConverter.GetBytes(r.Class)))]);

    private static byte[] Number(UInt128 value, int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes[(16 - length)..].ToArray();
    }

    private static PortAddress[] Of(IReadOnlyList<PortAddress> ports, AddressFamily family) =>
        [.. ports.Where(p => p.Address.AddressFamily == family)];
}
