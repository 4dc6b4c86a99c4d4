using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;

namespace Dataplane.Integration.Capture;

public sealed class PcapLiveTests
{
    [Fact]
    public void It_sees_what_the_filter_lets_through()
    {
        using var lab = new VethPair();
        using var capture = PcapLive.Open(lab.Right, "eth0", "tcp dst port 80");
        using var injector = PacketInjector.Open(lab.Left, VethPair.LeftIndex);
        using var batch = new FrameBatch(2);
        var probe = VethPair.Probe(IpProtocol.Tcp, v6: true, 9);
        batch.Add(VethPair.Probe(IpProtocol.Udp, v6: false, 8));
        batch.Add(probe);
        injector.Send(batch);

        PcapFrame frame;
        while (!capture.TryRead(out frame))
        {
            Assert.True(capture.Wait(10_000), "nothing captured");
        }

        Assert.True(ProbeFrame.TryRead(frame.Data, out var identity));
        Assert.Equal(probe.Identity, identity);
        Assert.Equal(frame.Data.Length, frame.Length);
        Assert.InRange(frame.TimestampNanoseconds / 1_000_000_000, DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds());
        Assert.False(capture.TryRead(out _));
        Assert.Equal(0, capture.Statistics().Dropped);
    }

    [Fact]
    public void Faults_are_told_in_libpcaps_words()
    {
        using var lab = new VethPair();
        Assert.Contains("syntax error", Assert.Throws<PcapException>(() => PcapLive.Open(lab.Left, "eth0", "tcp dst port")).Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<PcapException>(() => PcapLive.Open(lab.Left, "eth7"));
        Assert.Equal(-5, unknown.Code);
        Assert.Contains("eth7", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_goes_away_ends_the_wait()
    {
        using var lab = new VethPair();
        using var capture = PcapLive.Open(lab.Right, "eth0");
        lab.LinkDown('r');
        Assert.ThrowsAny<IOException>(() =>
        {
            while (capture.Wait(10_000))
            {
                while (capture.TryRead(out _))
                {
                }
            }
        });
    }
}
