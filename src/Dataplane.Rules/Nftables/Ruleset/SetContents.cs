using System.Buffers.Binary;
using System.Net.Sockets;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Nftables.Model;
namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>
/// From attached addresses and class tables to elements, for whoever takes them: a batch, a model, a checksum. This is all that
/// pods and policies ever change. Nothing is allocated for an element.
/// </summary>
internal static class SetContents
{
    /// <summary>The longest key: port, MAC address, IPv6 address.</summary>
    private const int MaxKey = 40;

    /// <summary>Writes what a change takes from a set, or what it adds.</summary>
    public static void Write<TSink>(NftSet set, RulesetChange change, bool added, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        if (set.Filling is not { } filling) return;
        var table = added ? change.Added : change.Removed;
        var direction = filling.IsEgress ? table.Egress : table.Ingress;
        var tiers = filling.IsEgress ? table.EgressTiers : table.IngressTiers;
        switch (filling.Role)
        {
            case <= SetRole.TierPeer:
                Addresses(filling, change.Addresses(filling.Family), added, ref sink);
                if (filling is { Role: SetRole.TierPeer, IsEgress: true }) Node(table.Node, filling.Family, ref sink);
                break;
            case SetRole.Outside: Ranges(direction.Outside, filling.Family, ref sink); break;
            case SetRole.OutsideGroup: Ranges(direction.OutsideGroups, filling.Family, ref sink); break;
            case SetRole.TierOutside: Ranges(tiers.Outside, filling.Family, ref sink); break;
            case SetRole.Isolated: Isolated(direction.Isolated, filling.IsEgress, ref sink); break;
            case SetRole.Except: Excepted(direction.Except, filling.IsEgress, ref sink); break;
            case <= SetRole.Range: Allowed(filling, direction.Allowed, ref sink); break;
            case <= SetRole.TierRange: Verdicts(filling, tiers.Entries, ref sink); break;
            default: Epoch(filling.Role, added ? change.EpochAfter : change.EpochBefore, ref sink); break;
        }
    }

    private static void Addresses<TSink>(SetFilling filling, AddressChange[] changes, bool added, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        Span<byte> scratch = stackalloc byte[2 * MaxKey];
        Span<byte> data = stackalloc byte[sizeof(uint)];
        Span<char> name = stackalloc char[256];
        foreach (ref readonly var change in changes.AsSpan())
        {
            var (one, other) = added ? (change.After, change.Before) : (change.Before, change.After);
            if (one is null || ValueOf(filling, one.Classes) is not { } value) continue;
            var key = Key(filling.Role, one, scratch[..MaxKey]);
            // What stays as it is, is not touched.
            if (other is not null && ValueOf(filling, other.Classes) == value && key.SequenceEqual(Key(filling.Role, other, scratch[MaxKey..]))) continue;
            BitConverter.TryWriteBytes(data, value);
            if (filling.Role == SetRole.Self) sink.Element(key);
            else if (filling.Role == SetRole.Identity) sink.Element(key, data: data, comment: Name(one.Classes, name));
            else sink.Element(key, data: data);
        }
    }

    /// <summary>What an address's element gives; null: it has none.</summary>
    private static uint? ValueOf(SetFilling filling, AddressClasses classes)
    {
        if (filling.Role == SetRole.Self) return 0;
        var value = filling.Role switch
        {
            SetRole.Identity => MarkBits.Identified | classes.Egress.Subject,
            SetRole.Subject => Subject(filling.IsEgress, Roles().Subject),
            SetRole.SubjectGroup => Subject(filling.IsEgress, Roles().SubjectGroup),
            SetRole.Peer => Roles().Peer,
            SetRole.PeerGroup => Roles().PeerGroup,
            SetRole.TierSubject => Tiers().Subject,
            _ => Tiers().Peer,
        };
        return value != 0 ? value : null;

        RoleClasses Roles() => filling.IsEgress ? classes.Egress : classes.Ingress;

        TierRoles Tiers() => filling.IsEgress ? classes.EgressTiers : classes.IngressTiers;
    }

    private static ReadOnlySpan<byte> Key(SetRole role, PortAddress port, Span<byte> scratch)
    {
        var key = new NftKey(scratch);
        if (role == SetRole.Identity)
        {
            key.InterfaceName(port.Port);
            key.Mac(port.Mac);
        }
        key.Address(port.Address);
        if (role == SetRole.Self) key.Address(port.Address);
        return key.Written;
    }

    /// <summary>namespace/name, without making a string of it.</summary>
    private static ReadOnlySpan<char> Name(AddressClasses classes, Span<char> scratch)
    {
        var pod = classes.Pod.Pod;
        return scratch.TryWrite($"{pod.Namespace}/{pod.Name}", out var written) ? scratch[..written] : pod.FullName;
    }

    private static void Node<TSink>(IReadOnlyList<NodeAddressClass> node, AddressFamily family, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        foreach (var address in node)
            if (address.Address.AddressFamily == family) sink.Element(address.Address.GetAddressBytes(), data: BitConverter.GetBytes(address.Class));
    }

    private static void Ranges<TSink>(IReadOnlyList<CidrClass> ranges, AddressFamily family, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        Span<byte> first = stackalloc byte[16], last = stackalloc byte[16], data = stackalloc byte[sizeof(uint)];
        var skip = family == AddressFamily.InterNetwork ? 12 : 0;
        for (var i = 0; i < ranges.Count; i++)
        {
            var range = ranges[i];
            if (range.Family != family) continue;
            BinaryPrimitives.WriteUInt128BigEndian(first, range.Range.First);
            BinaryPrimitives.WriteUInt128BigEndian(last, range.Range.Last);
            BitConverter.TryWriteBytes(data, range.Class);
            sink.Range(first[skip..], last[skip..], data);
        }
    }

    private static void Isolated<TSink>(IReadOnlyList<uint> subjects, bool isEgress, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        Span<byte> key = stackalloc byte[sizeof(uint)];
        for (var i = 0; i < subjects.Count; i++)
        {
            BitConverter.TryWriteBytes(key, Subject(isEgress, subjects[i]));
            sink.Element(key);
        }
    }

    private static void Excepted<TSink>(IReadOnlyList<ExceptEntry> entries, bool isEgress, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        Span<byte> scratch = stackalloc byte[16];
        for (var i = 0; i < entries.Count; i++)
        {
            var (mark, classId) = Registers(isEgress, entries[i].Subject, entries[i].Peer);
            sink.Element(PairKey(scratch, SetRole.Except, mark, classId, PortRange.Everything, 0));
        }
    }

    private static void Allowed<TSink>(SetFilling filling, IReadOnlyList<AllowEntry> entries, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        Span<byte> scratch = stackalloc byte[32];
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (filling.Role - SetRole.Any != FormOf(entry.Ports)) continue;
            var (mark, classId) = Registers(filling.IsEgress, entry.Subject, entry.Peer);
            var first = PairKey(scratch[..16], filling.Role, mark, classId, entry.Ports, entry.Ports.First);
            if (filling.Role == SetRole.Range) sink.Element(first, PairKey(scratch[16..], filling.Role, mark, classId, entry.Ports, entry.Ports.Last));
            else sink.Element(first);
        }
    }

    private static void Verdicts<TSink>(SetFilling filling, IReadOnlyList<TierEntry> entries, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        Span<byte> scratch = stackalloc byte[32], data = stackalloc byte[sizeof(uint)];
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (filling.Role - SetRole.TierAny != FormOf(entry.Ports)) continue;
            // In the tiers the subject of ingress is the mark.
            var (mark, classId) = filling.IsEgress ? (entry.Peer, entry.Subject) : (entry.Subject, entry.Peer);
            var first = PairKey(scratch[..16], filling.Role, mark, classId, entry.Ports, entry.Ports.First);
            BitConverter.TryWriteBytes(data, (uint)entry.Verdict);
            if (filling.Role == SetRole.TierRange) sink.Element(first, PairKey(scratch[16..], filling.Role, mark, classId, entry.Ports, entry.Ports.Last), data);
            else sink.Element(first, data: data);
        }
    }

    private static void Epoch<TSink>(SetRole role, uint? epoch, ref TSink sink) where TSink : INftElementSink, allows ref struct
    {
        if (epoch is not { } number) return;
        Span<byte> value = stackalloc byte[sizeof(uint)];
        BitConverter.TryWriteBytes(value, MarkBits.Epoch | number);
        if (role == SetRole.EpochOk)
        {
            sink.Element(value);
            return;
        }
        // NFPROTO_IPV4 and NFPROTO_IPV6.
        sink.Element([2], data: value);
        sink.Element([10], data: value);
    }

    /// <summary>Which of the four sets of a kind has these ports, in the order of <see cref="SetRole"/>: everything, a protocol, a port, a range.</summary>
    private static int FormOf(PortRange ports) => ports.Protocol is null ? 0 : ports.IsWholeProtocol ? 1 : ports.First == ports.Last ? 2 : 3;

    /// <summary>Behind the first rule of the inet table the mark holds the egress subject together with the bit that says "known".</summary>
    private static uint Subject(bool isEgress, uint id) => isEgress && id != 0 ? MarkBits.Known | id : id;

    private static (uint Mark, uint ClassId) Registers(bool isEgress, uint subject, uint peer) => isEgress ? (Subject(isEgress, subject), peer) : (peer, subject);

    private static ReadOnlySpan<byte> PairKey(Span<byte> scratch, SetRole role, uint mark, uint classId, PortRange ports, ushort port)
    {
        var key = new NftKey(scratch);
        if (role is SetRole.Range or SetRole.TierRange)
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
        return key.Written;
    }
}
