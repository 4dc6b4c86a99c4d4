using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;

namespace Dataplane.Integration.Capture;

/// <summary>
/// What a real kernel answers to our probes: that it answers at all shows that it takes our checksums for right.
/// </summary>
public sealed class ReplyTests
{
    public static TheoryData<IpProtocol, bool> AllProbes => VethPair.AllProbes;

    [Theory, MemberData(nameof(AllProbes))]
    public void The_kernel_answers_and_the_answer_is_recognised(IpProtocol protocol, bool v6)
    {
        using var lab = new VethPair();
        using var ring =
            PacketRing.Open(lab.Left, CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Incoming));
        using var injector = PacketInjector.Open(lab.Left, VethPair.LeftIndex);
        using var batch = new FrameBatch(1);
        var probe = VethPair.Probe(protocol, v6, 0xdeadbeef);
        batch.Add(probe);
        injector.Send(batch);

        var reply = default(ProbeReply);
        var found = false;
        while (!found)
        {
            if (!ring.TryRead(out var frame))
            {
                Assert.True(ring.Wait(10_000), "no answer");
                continue;
            }

            Assert.False(ProbeFrame.TryRead(frame.Data, out _), FrameText.Summarise(frame.Data));
            found = ProbeFrame.TryReadReply(frame.Data, out reply);
        }

        Assert.Equal(probe.Identity, reply.Probe);
        Assert.Equal(probe.Identity.Destination, reply.Responder);
        var (kind, type, code) = (protocol, v6) switch
        {
            (IpProtocol.Tcp, _) => (ProbeReplyKind.Reset, 0, 0),
            (IpProtocol.Udp, false) => (ProbeReplyKind.IcmpError, 3, 3), // port unreachable
            (IpProtocol.Udp, true) => (ProbeReplyKind.IcmpError, 1, 4),
            (IpProtocol.Sctp, false) => (ProbeReplyKind.IcmpError, 3, 2), // protocol unreachable: no SCTP stack
            (IpProtocol.Sctp, true) => (ProbeReplyKind.IcmpError, 4, 1), // unrecognised next header
            _ => (ProbeReplyKind.EchoReply, 0, 0),
        };
        if (protocol == IpProtocol.Sctp && reply.Kind == ProbeReplyKind.Abort)
        {
            return; // a kernel with an SCTP stack
        }

        Assert.Equal((kind, type, code), (reply.Kind, reply.IcmpType, reply.IcmpCode));
    }
}
