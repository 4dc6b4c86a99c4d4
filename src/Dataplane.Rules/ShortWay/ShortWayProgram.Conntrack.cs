using Dataplane.Linux.Bpf;
using static Dataplane.Linux.Bpf.BpfCompare;
using static Dataplane.Linux.Bpf.BpfRegister;
using static Dataplane.Linux.Bpf.BpfSize;

namespace Dataplane.Rules.ShortWay;

/// <content>What conntrack knows about the packet, by the kernel's own functions for programs.</content>
public sealed partial class ShortWayProgram
{
    /// <summary>NF_BPF_CT_OPTS_SZ without the zone (net/netfilter/nf_conntrack_bpf.c).</summary>
    private const int OptionBytes = 12;

    /// <summary>
    /// IPS_* (linux/netfilter/nf_conntrack_common.h): answered; established for longer; addresses or sequence numbers
    /// are translated, the entry is being deleted, a helper reads along.
    /// </summary>
    private const int SeenReply = 0x02, Assured = 0x04, NotPlain = 0x10 | 0x20 | 0x40 | 0x200 | 0x2000;

    /// <summary>TCP_CONNTRACK_ESTABLISHED (linux/netfilter/nf_conntrack_tcp.h): from the first FIN or RST on it is
    /// another state.</summary>
    private const int Established = 3;

    private void AskConntrack(Header header, BpfLabel go)
    {
        BpfLabel release = new($"release{header.Family}"), udp = new($"udp_flow{header.Family}"),
            refresh = new($"refresh{header.Family}"), isNew = new($"new_flow{header.Family}");
        _to.Note("what conntrack knows");
        _to.Call(BpfHelper.Jiffies);
        _to.Store(U64, Frame, Now, R0, "now");
        _to.Set(R1, R6);
        _to.Set(R2, Frame);
        _to.Add(R2, Tuple);
        _to.Set(R3, 2 * header.AddressBytes + 4);
        _to.Set(R4, Frame);
        _to.Add(R4, Options);
        _to.Set(R5, OptionBytes);
        _to.CallKernel("bpf_skb_ct_lookup");
        _to.If(R0, Equal, 0, _long);
        _to.Store(U64, Frame, Connection, R0, "connection");
        _to.Load(U32, R1, R0, new BpfField("nf_conn", "mark"));
        _to.Load(U32, R2, R9, NodeState.AtEpoch, "epoch");
        _to.If(R1, NotEqual, R2, release);
        _to.Load(U64, R1, R0, new BpfField("nf_conn", "status"));
        _to.If(R1, AnySet, NotPlain, release);
        _to.Set(R2, R1);
        _to.And(R2, SeenReply);
        _to.If(R2, Equal, 0, release);
        _to.Note("R3: the time that is left, in ticks");
        _to.Load(U32, R3, R0, new BpfField("nf_conn", "timeout"));
        _to.Load(U32, R2, Frame, Now, "now");
        _to.Subtract32(R3, R2);
        _to.Load(U8, R2, Frame, Protocol, "protocol");
        _to.If(R2, Equal, Header.Udp, udp);
        _to.Load(U8, R2, R0, new BpfField("nf_conn", "proto.tcp.state"));
        _to.If(R2, NotEqual, Established, release);
        Unless(NodeState.AtTcpLongBelow, release);
        _to.Load(U32, R4, R9, NodeState.AtTcpTimeout, "timeout");
        Unless(NodeState.AtTcpRefreshBelow, refresh);
        _to.Goto(go);
        _to.Bind(udp);
        _to.And(R1, Assured);
        _to.If(R1, Equal, 0, isNew);
        _to.Load(U32, R4, R9, NodeState.AtUdpTimeout, "timeout");
        Unless(NodeState.AtUdpRefreshBelow, refresh);
        _to.Goto(go);
        _to.Bind(isNew);
        Unless(NodeState.AtUdpLongBelow, release);
        _to.Goto(go);
        _to.Bind(release);
        Release();
        _to.Goto(_long);
        _to.Bind(refresh);
        _to.Set(R1, R0);
        _to.Set(R2, R4);
        _to.CallKernel("bpf_ct_change_timeout");
    }

    /// <summary>Jumps if less than this is left: the time may have run out already, so both have a sign.</summary>
    private void Unless(int least, BpfLabel to)
    {
        _to.Load(U32, R2, R9, least, "least");
        _to.If32(R3, Less, R2, to);
    }

    private void Release()
    {
        _to.Load(U64, R1, Frame, Connection, "connection");
        _to.CallKernel("bpf_ct_release");
    }
}
