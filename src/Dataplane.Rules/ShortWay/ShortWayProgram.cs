using Dataplane.Linux.Bpf;
using static Dataplane.Linux.Bpf.BpfCompare;
using static Dataplane.Linux.Bpf.BpfRegister;
using static Dataplane.Linux.Bpf.BpfSize;

namespace Dataplane.Rules.ShortWay;

/// <summary>
/// The part of the program at a pod's port that hands packets of connections which the rules have judged straight to
/// the other pod's interface: past the bridge, routing and the rules. It keeps nothing about connections: conntrack is
/// asked for each packet, and what it does not know as judged in this epoch, plain and established takes the long way.
/// So does whatever is unusual: every exit but one is the long way.
/// </summary>
/// <remarks>
/// R6 is the context, R9 the node's state. R7 is the frame and R8 its end; later R8 is the destination's entry.
/// </remarks>
public sealed partial class ShortWayProgram
{
    /// <summary>The map with one element: <see cref="NodeState"/>.</summary>
    public const string Node = "short_node";

    /// <summary>The map of the pods of this node, by their addresses: <see cref="PodEntry"/>.</summary>
    public const string Pods = "short_pods";

    /// <summary>The largest IP packet of a pod's interface, bytes: what is larger needs an answer.</summary>
    private const int LargestPacket = 1500;

    private const int Ether = 14, EtherSource = 6, EtherType = 12;

    /// <summary>As a little-endian machine loads them: ETH_P_IP, ETH_P_IPV6, the parts of 02:00:00:00:00:01.</summary>
    private const int IPv4 = 0x0008, IPv6 = 0xdd86, Gateway = 0x0000_0002, GatewayEnd = 0x0100;

    /// <summary>linux/if_packet.h.</summary>
    private const int PacketHost = 0;

    /// <summary>On the stack: the keys of both ends, conntrack's tuple and options, what is kept for later.</summary>
    private const int From = -24, To = -48, Tuple = -88, Options = -104, Now = -112, Connection = -120, Zero = -124;

    private const int Protocol = Options + 8;

    private readonly BpfAssembler _to;
    private readonly BpfLabel _long = new("long_way");

    private ShortWayProgram(BpfAssembler to)
    {
        _to = to;
        var four = new BpfLabel("short4");
        Begin(four);
        Write(Header.Six);
        _to.Bind(four);
        Write(Header.Four);
        _to.Bind(_long);
    }

    /// <summary>
    /// Appends it to a program that has kept its context in R6, and has found sane what the frame asks of the kernel.
    /// What takes the long way goes on behind it.
    /// </summary>
    public static void Append(BpfAssembler to) => _ = new ShortWayProgram(to);

    private void Begin(BpfLabel four)
    {
        _to.Note("may any packet take it?");
        _to.Store(U32, Frame, Zero, 0, "key");
        Find(Node, Zero);
        _to.Set(R9, R0);
        _to.Load(U32, R1, R9, NodeState.AtEpoch, "epoch");
        _to.If(R1, Equal, 0, _long);
        _to.Call(BpfHelper.KtimeGetCoarse);
        _to.Load(U64, R1, R9, NodeState.AtUntil, "until");
        _to.If(R0, Above, R1, _long);
        _to.Load(U32, R1, R6, SkBuffer.HasTag, "vlan_present");
        _to.If(R1, NotEqual, 0, _long);
        _to.Load(U32, R7, R6, SkBuffer.Data, "data");
        _to.Load(U32, R8, R6, SkBuffer.DataEnd, "data_end");
        Require(Ether + Header.Four.Bytes + Header.UdpBytes);
        _to.Note("for the gateway?");
        _to.Load(U32, R1, R7, 0, "ether.dst");
        _to.If(R1, NotEqual, Gateway, _long);
        _to.Load(U16, R1, R7, 4, "ether.dst");
        _to.If(R1, NotEqual, GatewayEnd, _long);
        _to.Load(U16, R1, R7, EtherType, "ether.type");
        _to.If(R1, Equal, IPv4, four);
        _to.If(R1, NotEqual, IPv6, _long);
    }

    private void Write(Header header)
    {
        var go = new BpfLabel($"go{header.Family}");
        ReadPacket(header);
        FindSource();
        AskConntrack(header, go);
        _to.Bind(go);
        Release();
        FindDestination();
        Hand(header);
    }

    /// <summary>The packet: nothing in it that a router would have to answer or that asks for its care.</summary>
    private void ReadPacket(Header header)
    {
        BpfLabel udp = new($"udp{header.Family}"), read = new($"read{header.Family}"),
            whole = new($"whole{header.Family}");
        if (header.IsFour)
        {
            _to.Load(U8, R1, R7, Ether, "ip.version, length");
            _to.If(R1, NotEqual, 0x45, _long);
            _to.Load(U16, R1, R7, Ether + 6, "ip.fragment");
            _to.If(R1, AnySet, Header.FragmentBits, _long);
        }
        else
        {
            Require(header.Transport + Header.UdpBytes);
        }
        _to.Load(U8, R1, R7, header.HopLimit, "ip.ttl");
        _to.If(R1, Below, 2, _long);
        _to.Load(U8, R1, R7, header.Protocol, "ip.protocol");
        _to.If(R1, Equal, Header.Udp, udp);
        _to.If(R1, NotEqual, Header.Tcp, _long);
        Require(header.Transport + Header.TcpBytes);
        _to.Load(U8, R2, R7, header.Transport + 13, "tcp.flags");
        _to.And(R2, Header.FlagBits);
        _to.If(R2, NotEqual, Header.Acknowledges, _long);
        _to.Load(U8, R3, R7, header.Transport + 12, "tcp.length");
        _to.ShiftRight(R3, 4);
        _to.ShiftLeft(R3, 2);
        _to.Goto(read);
        _to.Bind(udp);
        _to.Set(R3, Header.UdpBytes);
        _to.Bind(read);
        _to.Note("no larger than an interface takes: all of it, or each segment with its headers");
        _to.Add(R3, header.Bytes);
        _to.Load(U32, R2, R6, SkBuffer.SegmentBytes, "gso_size");
        _to.Add(R3, R2);
        _to.If(R2, NotEqual, 0, whole);
        _to.Load(U32, R3, R6, SkBuffer.Length, "len");
        _to.Add(R3, -Ether);
        _to.Bind(whole);
        _to.If(R3, Above, LargestPacket, _long);
        WriteKeys(header);
    }

    private void WriteKeys(Header header)
    {
        _to.Note("the keys of both ends, and the tuple and the options for conntrack");
        _to.Set(R0, 0);
        _to.Store(U64, Frame, Options, -1, "this namespace");
        _to.Store(U64, Frame, Protocol, R0, "");
        _to.Load(U8, R1, R7, header.Protocol, "ip.protocol");
        _to.Store(U8, Frame, Protocol, R1, "protocol");
        foreach (var (key, at, name) in ((int, int, string)[])
            [(From, header.Source, "ip.src"), (To, header.Source + header.AddressBytes, "ip.dst")])
        {
            _to.Store(U32, Frame, key, header.Family, "family");
            if (header.IsFour)
            {
                _to.Store(U64, Frame, key + 8, R0, "");
                _to.Store(U32, Frame, key + 16, R0, "");
            }
            for (var i = 0; i < header.AddressBytes; i += 4)
            {
                _to.Load(U32, R1, R7, at + i, name);
                _to.Store(U32, Frame, key + 4 + i, R1, name);
                _to.Store(U32, Frame, Tuple + at - header.Source + i, R1, name);
            }
        }
        _to.Load(U32, R1, R7, header.Transport, "ports");
        _to.Store(U32, Frame, Tuple + 2 * header.AddressBytes, R1, "ports");
    }

    /// <summary>Before conntrack is asked: nobody else is to prolong the life of a connection.</summary>
    private void FindSource()
    {
        _to.Note("the source: at its own port, by its own MAC address");
        Find(Pods, From);
        _to.Load(U32, R1, R0, PodEntry.AtPort, "port");
        _to.Load(U32, R2, R6, SkBuffer.Interface, "ifindex");
        _to.If(R1, NotEqual, R2, _long);
        _to.Load(U32, R1, R0, PodEntry.AtMac, "mac");
        _to.Load(U32, R2, R7, EtherSource, "ether.src");
        _to.If(R1, NotEqual, R2, _long);
        _to.Load(U16, R1, R0, PodEntry.AtMac + 4, "mac");
        _to.Load(U16, R2, R7, EtherSource + 4, "ether.src");
        _to.If(R1, NotEqual, R2, _long);
    }

    /// <summary>After conntrack was asked: the first packets of connections do without it.</summary>
    private void FindDestination()
    {
        _to.Note("the destination: another pod of this node");
        Find(Pods, To);
        _to.Set(R8, R0);
        _to.Load(U32, R1, R8, PodEntry.AtPort, "port");
        _to.Load(U32, R2, R6, SkBuffer.Interface, "ifindex");
        _to.If(R1, Equal, R2, _long);
    }

    /// <summary>The frame as a router would send it, at the far end of the other pod's pair.</summary>
    private void Hand(Header header)
    {
        _to.Note("one hop less, from the gateway to the pod");
        _to.Load(U8, R1, R7, header.HopLimit, "ip.ttl");
        _to.Add(R1, -1);
        _to.Store(U8, R7, header.HopLimit, R1, "ip.ttl");
        if (header.IsFour)
        {
            _to.Load(U16, R1, R7, Header.Checksum, "ip.checksum");
            _to.Add32(R1, 1);
            _to.Set(R2, R1);
            _to.ShiftRight(R2, 16);
            _to.Add32(R1, R2);
            _to.Store(U16, R7, Header.Checksum, R1, "ip.checksum");
        }
        _to.Store(U32, R7, EtherSource, Gateway, "ether.src");
        _to.Store(U16, R7, EtherSource + 4, GatewayEnd, "ether.src");
        _to.Load(U32, R1, R8, PodEntry.AtMac, "mac");
        _to.Store(U32, R7, 0, R1, "ether.dst");
        _to.Load(U16, R1, R8, PodEntry.AtMac + 4, "mac");
        _to.Store(U16, R7, 4, R1, "ether.dst");
        var host = new BpfLabel($"host{header.Family}");
        _to.Load(U32, R1, R6, SkBuffer.PacketType, "pkt_type");
        _to.If(R1, Equal, PacketHost, host);
        _to.Set(R1, R6);
        _to.Set(R2, PacketHost);
        _to.Call(BpfHelper.SkbChangeType);
        _to.Bind(host);
        _to.Load(U32, R1, R8, PodEntry.AtPort, "port");
        _to.Set(R2, 0);
        _to.Call(BpfHelper.RedirectPeer);
        _to.Exit();
    }

    private void Require(int bytes)
    {
        _to.Set(R1, R7);
        _to.Add(R1, bytes);
        _to.If(R1, Above, R8, _long);
    }

    /// <summary>R0: the element. Without one, the long way.</summary>
    private void Find(string map, int key)
    {
        _to.SetMap(R1, map);
        _to.Set(R2, Frame);
        _to.Add(R2, key);
        _to.Call(BpfHelper.MapLookup);
        _to.If(R0, Equal, 0, _long);
    }
}
