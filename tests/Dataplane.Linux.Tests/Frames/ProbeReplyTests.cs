using Dataplane.Linux.Frames;
using static Dataplane.Linux.Tests.Frames.Probes;

namespace Dataplane.Linux.Tests.Frames;

/// <summary>What must never count as delivered: everything that carries a probe's id back.</summary>
public sealed class ProbeReplyTests
{
    public static TheoryData<IpProtocol, bool> All => Probes.All;

    /// <summary>
    /// The addresses and ports turned round, the transport header changed by <paramref name="change"/>.
    /// </summary>
    private static byte[] Answer(IpProtocol protocol, bool v6, Action<Span<byte>> change)
    {
        var forward = Spec(protocol, v6);
        var id = forward.Identity;
        var frame = Frame(new ProbeSpec(forward.DestinationMac, forward.SourceMac,
            new ProbeIdentity(id.Id, protocol, id.Destination, id.Source, id.DestinationPort, id.SourcePort)));
        change(frame.AsSpan(v6 ? 54 : 34));
        return frame;
    }

    private static void ExpectReply(byte[] frame, ProbeReplyKind kind, IpProtocol protocol, bool v6)
    {
        Assert.False(ProbeFrame.TryRead(frame, out _));
        Assert.True(ProbeFrame.TryReadReply(frame, out var reply));
        var probe = Spec(protocol, v6).Identity;
        Assert.Equal(new ProbeReply(kind, probe, probe.Destination), reply);
    }

    private static Action<Span<byte>> TcpAnswer(TcpFlags flags) => t =>
    {
        Hex("00000000 12345679").CopyTo(t[4..]); // sequence 0, acknowledgment id + 1
        t[13] = (byte)flags;
    };

    [Theory, InlineData(false), InlineData(true)]
    public void A_syn_ack_is_an_answer(bool v6) =>
        ExpectReply(Answer(IpProtocol.Tcp, v6, TcpAnswer(TcpFlags.Syn | TcpFlags.Ack)), ProbeReplyKind.SynAck,
            IpProtocol.Tcp, v6);

    [Theory, InlineData(false), InlineData(true)]
    public void A_reset_is_an_answer(bool v6) =>
        ExpectReply(Answer(IpProtocol.Tcp, v6, TcpAnswer(TcpFlags.Rst | TcpFlags.Ack)), ProbeReplyKind.Reset,
            IpProtocol.Tcp, v6);

    [Theory]
    [InlineData(TcpFlags.Rst)]
    [InlineData(TcpFlags.Ack)]
    [InlineData(TcpFlags.Fin | TcpFlags.Ack)]
    [InlineData(TcpFlags.Syn | TcpFlags.Ece | TcpFlags.Cwr)]
    [InlineData(TcpFlags.Syn | TcpFlags.Rst)]
    [InlineData(TcpFlags.None)]
    public void Other_flags_with_the_id_in_place_are_neither(TcpFlags flags)
    {
        var frame = Frame(IpProtocol.Tcp, v6: false);
        frame[47] = (byte)flags;
        Assert.False(ProbeFrame.TryRead(frame, out _));
        Assert.False(ProbeFrame.TryReadReply(frame, out _));
    }

    [Theory]
    [InlineData(TcpFlags.Rst)]
    [InlineData(TcpFlags.Rst | TcpFlags.Ack)]
    [InlineData(TcpFlags.Syn | TcpFlags.Ack)]
    public void The_id_in_the_sequence_number_of_an_answer_is_not_delivery(TcpFlags flags)
    {
        var frame = Answer(IpProtocol.Tcp, false, t => t[13] = (byte)flags);
        Assert.False(ProbeFrame.TryRead(frame, out _));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void An_init_ack_and_an_abort_are_answers(bool v6)
    {
        static Action<Span<byte>> Chunk(byte type, byte flags) => t =>
        {
            Hex("12345678").CopyTo(t[4..]);
            (t[12], t[13]) = (type, flags);
        };
        ExpectReply(Answer(IpProtocol.Sctp, v6, Chunk(2, 0)), ProbeReplyKind.InitAck, IpProtocol.Sctp, v6);
        ExpectReply(Answer(IpProtocol.Sctp, v6, Chunk(6, 0)), ProbeReplyKind.Abort, IpProtocol.Sctp, v6);
        Assert.False(ProbeFrame.TryReadReply(Answer(IpProtocol.Sctp, v6, Chunk(6, 1)), out _));
        Assert.False(ProbeFrame.TryReadReply(Answer(IpProtocol.Sctp, v6, Chunk(1, 0)), out _));
        // an INIT has verification tag 0
        Assert.False(ProbeFrame.TryRead(Answer(IpProtocol.Sctp, v6, Chunk(1, 0)), out _));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void An_echo_reply_is_an_answer(bool v6)
    {
        var protocol = v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp;
        ExpectReply(Answer(protocol, v6, t => t[0] = (byte)(v6 ? 129 : 0)), ProbeReplyKind.EchoReply, protocol, v6);
        // id and payload differ
        Assert.False(
            ProbeFrame.TryReadReply(Answer(protocol, v6, t => (t[0], t[4]) = ((byte)(v6 ? 129 : 0), 0xff)), out _));
    }

    [Theory, MemberData(nameof(All))]
    public void A_probe_is_not_its_own_answer(IpProtocol protocol, bool v6) =>
        Assert.False(ProbeFrame.TryReadReply(Frame(protocol, v6), out _));

    [Theory, MemberData(nameof(All))]
    public void An_echoed_probe_has_another_identity(IpProtocol protocol, bool v6)
    {
        Assert.True(ProbeFrame.TryRead(Answer(protocol, v6, _ => { }), out var identity));
        Assert.NotEqual(Spec(protocol, v6).Identity, identity);
    }

    /// <summary>An ICMP error from a router, quoting <paramref name="quoted"/> bytes of transport.</summary>
    private static byte[] Error(IpProtocol protocol, bool v6, int quoted, string? to = null)
    {
        var packet = Frame(protocol, v6)[14..];
        packet = packet[..Math.Min(packet.Length, (v6 ? 40 : 20) + quoted)];
        var source = IpAddressValue.Parse(v6 ? "fd00:10:244::1" : "10.244.0.1");
        var spec = new ProbeSpec(Gateway, Pod, new ProbeIdentity(1, v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmp, source,
            to is null ? Spec(protocol, v6).Identity.Source : IpAddressValue.Parse(to), 0, 0));
        byte[] frame = [.. Frame(spec)[..(v6 ? 62 : 42)], .. packet];
        (frame[v6 ? 54 : 34], frame[v6 ? 55 : 35]) = v6 ? ((byte)1, (byte)1) : ((byte)3, (byte)13);
        var length = frame.Length - 14 - (v6 ? 40 : 0);
        (frame[v6 ? 18 : 16], frame[v6 ? 19 : 17]) = ((byte)(length >> 8), (byte)length);
        return frame;
    }

    [Theory, MemberData(nameof(All))]
    public void An_error_that_quotes_a_probe_is_an_answer_and_not_delivery(IpProtocol protocol, bool v6)
    {
        var frame = Error(protocol, v6, 64);
        Assert.False(ProbeFrame.TryRead(frame, out _));
        Assert.True(ProbeFrame.TryReadReply(frame, out var reply));
        Assert.Equal(ProbeReplyKind.IcmpError, reply.Kind);
        Assert.Equal(Spec(protocol, v6).Identity, reply.Probe);
        Assert.Equal(IpAddressValue.Parse(v6 ? "fd00:10:244::1" : "10.244.0.1"), reply.Responder);
        Assert.Equal(v6 ? (1, 1) : (3, 13), (reply.IcmpType, reply.IcmpCode));
        Assert.True(frame.Length <= ProbeFrame.SnapLength);
    }

    [Fact]
    public void Eight_quoted_bytes_of_tcp_are_enough_and_seven_are_not()
    {
        Assert.True(ProbeFrame.TryReadReply(Error(IpProtocol.Tcp, false, 8), out var reply));
        Assert.Equal(Spec(IpProtocol.Tcp, false).Identity, reply.Probe);
        Assert.False(ProbeFrame.TryReadReply(Error(IpProtocol.Tcp, false, 7), out _));
        Assert.False(ProbeFrame.TryReadReply(Error(IpProtocol.Udp, false, 8), out _));
    }

    [Fact]
    public void An_error_addressed_to_another_is_no_answer() =>
        Assert.False(ProbeFrame.TryReadReply(Error(IpProtocol.Tcp, false, 20, to: "10.244.0.9"), out _));
}
