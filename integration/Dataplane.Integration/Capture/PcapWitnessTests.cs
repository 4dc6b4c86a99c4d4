using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Capture;

/// <summary>Two captures that share no code see the same.</summary>
public sealed class PcapWitnessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [MemberData(nameof(VethPair.AllProbes), MemberType = typeof(VethPair))]
    public void Libpcap_and_our_ring_see_the_same_frames(IpProtocol protocol, bool v6)
    {
        const int Frames = 200;
        using var lab = new VethPair();
        using var ring = PacketRing.Open(lab.Right,
            CaptureFilter.Build(ProbeFrame.SnapLength, CaptureDirection.Incoming), VethPair.RightIndex);
        using var witness = new PcapWitness(lab.Right, "eth0");
        ThreadHome.AssertAllHome();
        using var injector = PacketInjector.Open(lab.Left, VethPair.LeftIndex);
        using var batch = new FrameBatch(Frames);
        for (uint id = 1; id <= Frames; id++) batch.Add(VethPair.Probe(protocol, v6, id));
        injector.Send(batch);

        var (ours, theirs) = (new List<(byte[] Data, long Time)>(), new List<(byte[] Data, long Time)>());
        Assert.True(SpinWait.SpinUntil(() =>
        {
            while (ring.TryRead(out var frame)) Add(ours, frame.Data.ToArray(), frame.TimestampNanoseconds);
            while (witness.TryRead() is { } frame) Add(theirs, frame.Data, frame.Nanoseconds);
            return ours.Count >= Frames && theirs.Count >= Frames;
        }, Patience), $"{ours.Count} and {theirs.Count} of {Frames}");
        Assert.Equal(ours.Select(f => Convert.ToHexString(f.Data)), theirs.Select(f => Convert.ToHexString(f.Data)));
        // Both are told when the kernel received the frame.
        Assert.All(ours.Zip(theirs),
            pair => Assert.InRange(Math.Abs(pair.First.Time - pair.Second.Time), 0, 1_000_000_000));

        // What the kernel says of its own accord, and answers, are in neither.
        static void Add(List<(byte[] Data, long Time)> seen, byte[] frame, long time)
        {
            if (ProbeFrame.TryRead(frame, out _)) seen.Add((frame, time));
        }
    }

    [Fact]
    public void Faults_are_told_in_libpcaps_words()
    {
        using var lab = new VethPair();
        Assert.Contains("No such device", Assert.Throws<IOException>(() => new PcapWitness(lab.Right, "eth7")).Message,
            StringComparison.Ordinal);
    }
}
