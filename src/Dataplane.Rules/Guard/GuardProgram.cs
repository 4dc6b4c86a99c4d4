using Dataplane.Linux.Bpf;
using Dataplane.Rules.Shape;
using Dataplane.Rules.ShortWay;
using static Dataplane.Linux.Bpf.BpfCompare;
using static Dataplane.Linux.Bpf.BpfRegister;
using static Dataplane.Linux.Bpf.BpfSize;

namespace Dataplane.Rules.Guard;

/// <summary>
/// The program at the port of each pod. A frame may carry requests that the kernel fulfils after the frame was judged:
/// write a checksum (CHECKSUM_PARTIAL), cut it into segments (GSO). A pod can set them as it likes (PACKET_VNET_HDR,
/// IFF_VNET_HDR), and so have ports and addresses rewritten behind the judge's back. The guard passes what its own
/// reading of the headers finds sane, bounds the fragments of a port, and marks the frame with the verdict.
/// </summary>
/// <remarks>
/// R6 is the context, R9 the kernel's own <c>sk_buff</c>, which the program may read. Once the headers are read, R7 is
/// where the transport header begins, and R8 its protocol.
/// </remarks>
public sealed partial class GuardProgram
{
    /// <summary>The map of the window of each port: see <see cref="Window"/>.</summary>
    public const string Windows = "guard_windows";

    public const string Name = "dataplane_guard";

    /// <summary>Continue with the next program, or as if there were none: TC_ACT_UNSPEC, linux/pkt_cls.h.</summary>
    public const int Next = -1;

    /// <summary>CHECKSUM_PARTIAL, linux/skbuff.h.</summary>
    private const int ToBeSummed = 3;

    private const int Ether = 14, EtherType = 12, IPv4Bytes = 20, IPv6Bytes = 40;

    /// <summary>ETH_P_IP, ETH_P_IPV6, and the bits of a fragment, as a little-endian machine loads them.</summary>
    private const int IPv4 = 0x0008, IPv6 = 0xdd86, FragmentBits = 0xff3f;

    // linux/in.h, linux/in6.h; NEXTHDR_* of net/ipv6.h.
    private const int HopByHop = 0, IPv4Inside = 4, Tcp = 6, Udp = 17, IPv6Inside = 41, Routing = 43, Fragment = 44,
        Gre = 47, Authentication = 51, Icmp6 = 58, DestinationOptions = 60, Sctp = 132;

    /// <summary>
    /// Extension headers in a row: RFC 8200, 4.1 has a place for each of five, one of them twice. More than that could
    /// only hide what comes behind them.
    /// </summary>
    private const int MostHeaders = 6;

    /// <summary>On the stack: two bytes of a header; the bit of TCP's segments over the frame's IP version.</summary>
    private const int HeaderBytes = -8, TcpType = -16;

    private readonly BpfAssembler _to = new();

    private readonly BpfLabel _good = new("good"), _forgedChecksum = new("forged_checksum"),
        _forgedSegments = new("forged_segments"), _unreadable = new("unreadable"), _flood = new("flood"),
        _fragment = new("fragment"), _requests = new("requests");

    /// <summary>ETH_P_8021Q, as it travels and a little-endian machine stores it.</summary>
    private const int PriorityTagged = 0x0081;

    private GuardProgram(bool isShared, bool hasShortWay)
    {
        Begin();
        ReadIPv4();
        ReadIPv6();
        Requests();
        CountFragment();
        End(isShared, hasShortWay);
    }

    /// <param name="isShared">
    /// Whether others use the machine, who may want bridges to run the hooks of the IP layer: frames of pods then pass
    /// by these.
    /// </param>
    /// <param name="hasShortWay">Whether what passes may take the short way: see <see cref="ShortWayProgram"/>.</param>
    public static BpfAssembler Write(bool isShared, bool hasShortWay = false) =>
        new GuardProgram(isShared, hasShortWay)._to;

    private readonly BpfLabel _four = new("four"), _six = new("six");

    private void Begin()
    {
        _to.Set(R6, R1);
        _to.CallKernel("bpf_cast_to_kern_ctx");
        _to.Set(R9, R0);
        _to.Load(U32, R7, R6, SkBuffer.Data, "data");
        _to.Load(U32, R8, R6, SkBuffer.DataEnd, "data_end");
        _to.Set(R1, R7);
        _to.Add(R1, Ether + IPv4Bytes);
        _to.If(R1, Above, R8, _unreadable);
        _to.Load(U16, R1, R7, EtherType, "ether.type");
        _to.If(R1, Equal, IPv4, _four);
        _to.If(R1, Equal, IPv6, _six);
        _to.Note("not IP: the bridge knows no identity for it");
        _to.Goto(_good);
    }

    private void ReadIPv4()
    {
        _to.Bind(_four);
        _to.Load(U8, R1, R7, Ether, "ip.version, length");
        _to.If(R1, Below, 0x45, _unreadable);
        _to.If(R1, Above, 0x4f, _unreadable);
        _to.Load(U16, R2, R7, Ether + 6, "ip.fragment");
        _to.If(R2, AnySet, FragmentBits, _fragment);
        _to.Load(U8, R8, R7, Ether + 9, "ip.protocol");
        _to.And(R1, 0x0f);
        _to.ShiftLeft(R1, 2);
        _to.Add(R1, Ether);
        _to.Set(R7, R1);
        StoreTcpType("SKB_GSO_TCPV4");
        _to.Goto(_requests);
    }

    private void ReadIPv6()
    {
        _to.Bind(_six);
        _to.Set(R1, R7);
        _to.Add(R1, Ether + IPv6Bytes);
        _to.If(R1, Above, R8, _unreadable);
        _to.Load(U8, R8, R7, Ether + 6, "ip6.next");
        _to.Set(R7, Ether + IPv6Bytes);
        StoreTcpType("SKB_GSO_TCPV6");
        foreach (var protocol in (ReadOnlySpan<int>)[Tcp, Udp, Icmp6]) _to.If(R8, Equal, protocol, _requests);
        for (var i = 1; i <= MostHeaders; i++) ReadExtension(i);
        foreach (var header in (ReadOnlySpan<int>)[HopByHop, Routing, Fragment, Authentication, DestinationOptions])
            _to.If(R8, Equal, header, _unreadable);
    }

    /// <summary>Goes on behind one extension header, as ipv6_find_hdr does (net/ipv6/exthdrs_core.c).</summary>
    private void ReadExtension(int number)
    {
        BpfLabel usual = new($"extension{number}"), authentication = new($"authentication{number}"),
            read = new($"read{number}");
        _to.If(R8, Equal, Fragment, _fragment);
        foreach (var header in (ReadOnlySpan<int>)[HopByHop, Routing, DestinationOptions, Authentication])
            _to.If(R8, Equal, header, usual);
        _to.Goto(_requests);
        _to.Bind(usual);
        _to.Set(R1, R6);
        _to.Set(R2, R7);
        _to.Set(R3, Frame);
        _to.Add(R3, HeaderBytes);
        _to.Set(R4, 2);
        _to.Call(BpfHelper.SkbLoadBytes);
        _to.If(R0, NotEqual, 0, _unreadable);
        _to.Load(U8, R1, Frame, HeaderBytes + 1, "length");
        _to.If(R8, Equal, Authentication, authentication);
        _to.Note("in units of eight bytes, without the first");
        _to.Add(R1, 1);
        _to.ShiftLeft(R1, 3);
        _to.Goto(read);
        _to.Bind(authentication);
        _to.Note("in units of four bytes, without the first two (RFC 4302, 2.2)");
        _to.Add(R1, 2);
        _to.ShiftLeft(R1, 2);
        _to.Bind(read);
        _to.Add(R7, R1);
        _to.Load(U8, R8, Frame, HeaderBytes, "next header");
    }

    private void StoreTcpType(string name)
    {
        _to.Set(R1, -1);
        _to.AndEnumerators(R1, name);
        _to.Store(U64, Frame, TcpType, R1, "segments of TCP");
    }

    private void End(bool isShared, bool hasShortWay)
    {
        _to.Bind(_good);
        if (hasShortWay) ShortWayProgram.Append(_to);
        if (isShared) PassByHooks();
        _to.Set(R1, (int)MarkBits.Guarded);
        Mark();
        foreach (var (label, refusal) in new[]
        {
            (_forgedChecksum, GuardRefusal.Checksum), (_forgedSegments, GuardRefusal.Segments),
            (_unreadable, GuardRefusal.Header), (_flood, GuardRefusal.Fragments),
        })
        {
            _to.Bind(label);
            _to.Set(R1, refusal.Mark);
            Mark();
        }
    }

    /// <summary>
    /// A tag of VLAN 0, which the IP layer takes off again (__netif_receive_skb_core): br_netfilter leaves alone what
    /// has a tag, unless bridge-nf-filter-vlan-tagged says otherwise. What that translated to another port, it would
    /// bridge, and not route (br_nf_pre_routing_finish).
    /// </summary>
    private void PassByHooks()
    {
        BpfLabel tagged = new("tagged");
        _to.Load(U32, R1, R6, SkBuffer.HasTag, "vlan_present");
        _to.If(R1, NotEqual, 0, tagged);
        _to.Set(R1, R6);
        _to.Set(R2, PriorityTagged);
        _to.Set(R3, 0);
        _to.Call(BpfHelper.SkbVlanPush);
        _to.Bind(tagged);
    }

    private void Mark()
    {
        _to.Store(U32, R6, SkBuffer.Mark, R1, "mark");
        _to.Set(R0, Next);
        _to.Exit();
    }
}
