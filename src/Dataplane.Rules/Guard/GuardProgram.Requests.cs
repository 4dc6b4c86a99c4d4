using Dataplane.Linux.Bpf;
using static Dataplane.Linux.Bpf.BpfCompare;
using static Dataplane.Linux.Bpf.BpfRegister;
using static Dataplane.Linux.Bpf.BpfSize;

namespace Dataplane.Rules.Guard;

/// <content>What the frame asks the kernel to do.</content>
public sealed partial class GuardProgram
{
    /// <summary>The bytes of a transport header that a judge reads at least: ports, and the checksum of UDP.</summary>
    private const int Judged = 8;

    /// <summary>
    /// Least payload of a TCP segment: TCP_MIN_SND_MSS (48, net/tcp.h) without 40 bytes of options. Less would be a way
    /// to make the kernel cut one frame into tens of thousands.
    /// </summary>
    private const int LeastSegment = 8;

    /// <summary>The most datagrams that one send may be cut into: UDP_MAX_SEGMENTS (linux/udp.h), as a shift.</summary>
    private const int MostDatagrams = 7;

    /// <summary>Bits of gso_type that say nothing about who cuts, and how (linux/skbuff.h).</summary>
    private static readonly string[] Remarks = ["SKB_GSO_DODGY", "SKB_GSO_TCP_ECN", "SKB_GSO_TCP_FIXEDID",
        "SKB_GSO_TCP_FIXEDID_INNER", "SKB_GSO_TCP_ACCECN"];

    private static readonly string[] UdpTunnels = ["SKB_GSO_UDP_TUNNEL", "SKB_GSO_UDP_TUNNEL_CSUM"],
        OtherTunnels = ["SKB_GSO_GRE", "SKB_GSO_GRE_CSUM", "SKB_GSO_IPXIP4", "SKB_GSO_IPXIP6"],
        Inside = ["SKB_GSO_TCPV4", "SKB_GSO_TCPV6", "SKB_GSO_UDP_L4", "SKB_GSO_PARTIAL"];

    private static BpfField Summed { get; } = new("sk_buff", "ip_summed");

    private void Requests()
    {
        BpfLabel sum = new("sum"), tcp = new("tcp"), udp = new("udp"), sctp = new("sctp"), tunnel = new("tunnel");
        _to.Bind(_requests);
        _to.LoadBits(R1, R9, Summed);
        _to.If(R1, Equal, ToBeSummed, sum);
        _to.Note("nothing that Linux sends is to be cut and not to be summed");
        _to.Load(U32, R1, R6, SkBuffer.SegmentBytes, "gso_size");
        _to.If(R1, NotEqual, 0, _forgedSegments);
        _to.Goto(_good);

        _to.Bind(sum);
        _to.Note("R1: where the sum begins, from the beginning of the frame; R2: where it goes, from there");
        _to.Load(U16, R1, R9, new BpfField("sk_buff", "csum_start"));
        _to.Load(U64, R2, R9, new BpfField("sk_buff", "data"));
        _to.Load(U64, R3, R9, new BpfField("sk_buff", "head"));
        _to.Subtract(R2, R3);
        _to.Subtract32(R1, R2);
        _to.Load(U16, R2, R9, new BpfField("sk_buff", "csum_offset"));
        _to.If(R8, Equal, Tcp, tcp);
        _to.If(R8, Equal, Udp, udp);
        _to.If(R8, Equal, Sctp, sctp);
        foreach (var protocol in (ReadOnlySpan<int>)[Gre, IPv4Inside, IPv6Inside]) _to.If(R8, Equal, protocol, tunnel);
        _to.Goto(_forgedChecksum);

        _to.Bind(tcp);
        _to.If(R1, NotEqual, R7, _forgedChecksum);
        _to.If(R2, NotEqual, 16, _forgedChecksum);
        SegmentBytes(LeastSegment);
        Types();
        _to.AndNotEnumerators(R1, Remarks);
        _to.Load(U64, R2, Frame, TcpType, "segments of TCP");
        _to.If(R1, NotEqual, R2, _forgedSegments);
        _to.Goto(_good);

        UdpRequests(udp);

        _to.Bind(sctp);
        _to.If(R1, NotEqual, R7, _forgedChecksum);
        _to.If(R2, NotEqual, 8, _forgedChecksum);
        SegmentBytes(1);
        Types();
        _to.AndNotEnumerators(R1, Remarks);
        _to.IfNotEnumerator(R1, "SKB_GSO_SCTP", _forgedSegments);
        _to.Goto(_good);

        _to.Bind(tunnel);
        TunnelRequests(OtherTunnels);
    }

    private void UdpRequests(BpfLabel udp)
    {
        BpfLabel own = new("udp_sum"), datagrams = new("datagrams");
        _to.Bind(udp);
        _to.If(R1, Equal, R7, own);
        TunnelRequests(UdpTunnels);

        _to.Bind(own);
        _to.If(R2, NotEqual, 6, _forgedChecksum);
        SegmentBytes(1);
        _to.Note("no more datagrams than one send can make");
        _to.ShiftLeft(R1, MostDatagrams);
        _to.Load(U32, R2, R6, SkBuffer.Length, "len");
        _to.Subtract(R2, R7);
        _to.Add(R1, Judged);
        _to.If(R2, Above, R1, _forgedSegments);
        Types();
        _to.AndNotEnumerators(R1, Remarks);
        _to.Note("datagrams, or fragments of one");
        _to.IfNotEnumerator(R1, "SKB_GSO_UDP_L4", datagrams);
        _to.Goto(_good);
        _to.Bind(datagrams);
        _to.IfNotEnumerator(R1, "SKB_GSO_UDP", _forgedSegments);
        _to.Goto(_good);
    }

    /// <summary>
    /// A packet in the packet: a pod may have a tunnel of its own. Its sum may go anywhere behind what is judged.
    /// </summary>
    private void TunnelRequests(string[] types)
    {
        _to.Note("a sum within the payload");
        _to.Set(R2, R7);
        _to.Add(R2, Judged);
        _to.If(R1, Below, R2, _forgedChecksum);
        SegmentBytes(LeastSegment);
        Types();
        _to.Set(R2, R1);
        _to.AndEnumerators(R2, types);
        _to.If(R2, Equal, 0, _forgedSegments);
        _to.AndNotEnumerators(R1, [.. types, .. Inside, .. Remarks]);
        _to.If(R1, NotEqual, 0, _forgedSegments);
        _to.Goto(_good);
    }

    /// <summary>R1: the payload of a segment. Done where the frame is not to be cut.</summary>
    private void SegmentBytes(int least)
    {
        _to.Load(U32, R1, R6, SkBuffer.SegmentBytes, "gso_size");
        _to.If(R1, Equal, 0, _good);
        if (least > 1) _to.If(R1, Below, least, _forgedSegments);
    }

    /// <summary>R1: gso_type, which stands behind the frame's data (skb_shinfo, linux/skbuff.h).</summary>
    private void Types()
    {
        _to.Load(U64, R1, R9, new BpfField("sk_buff", "head"));
        _to.Load(U32, R2, R9, new BpfField("sk_buff", "end"));
        _to.Add(R1, R2);
        _to.SetStruct(R2, "skb_shared_info");
        _to.CallKernel("bpf_rdonly_cast");
        _to.Load(U32, R1, R0, new BpfField("skb_shared_info", "gso_type"));
    }
}
