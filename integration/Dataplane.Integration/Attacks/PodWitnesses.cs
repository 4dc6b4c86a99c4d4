using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// A capture inside every namespace but the attacker's: what arrives at its eth0. Silence is expected there, so every
/// frame counts.
/// </summary>
internal sealed class PodWitnesses : IDisposable
{
    private const int SnapLength = 512;
    private readonly List<(string Name, int Addresses, PacketRing Ring)> _rings = [];

    public PodWitnesses(PrivateNode node)
    {
        foreach (var attachment in node.Attachments.Where(a => a.Endpoint?.Name != "x/attacker"))
        {
            _rings.Add((attachment.Endpoint?.Name ?? "stranger", attachment.Addresses.Count,
                PacketRing.Open(attachment.Netns,
                    CaptureFilter.Build(SnapLength, CaptureDirection.Incoming), NodeLayout.PodInterface,
                    frameCount: 512, SnapLength)));
        }
    }

    public void Clear()
    {
        foreach (var (_, _, ring) in _rings)
        {
            while (ring.TryRead(out _))
            {
            }
        }
    }

    /// <summary>Reads each capture up to its control packet.</summary>
    public void Await(byte[] control, Scene scene, List<Sighting> seen)
    {
        foreach (var (name, addresses, ring) in _rings)
        {
            if (name == "stranger")
            {
                // Closed to the node too: no control reaches it, but the ones sent before it to others are behind the
                // attack.
                while (ring.TryRead(out var frame)) Judge(name, frame.Data, scene, seen);
                continue;
            }
            var controls = 0;
            for (var done = false; !done;)
            {
                if (!ring.TryRead(out var frame))
                {
                    Assert.True(ring.Wait(10_000), $"the control packet did not reach {name}");
                    continue;
                }
                var isControl = frame.Data.IndexOf(control) >= 0;
                if (!isControl) Judge(name, frame.Data, scene, seen);
                done = isControl && ++controls == addresses;
            }
            Assert.Equal(0, ring.Statistics().Dropped);
        }
    }

    public void Dispose()
    {
        foreach (var (_, _, ring) in _rings) ring.Dispose();
    }

    private static void Judge(string name, ReadOnlySpan<byte> frame, Scene scene, List<Sighting> seen)
    {
        if (frame.IndexOf(scene.Tag) >= 0 || !IsLive(frame, scene) && !IsNoise(frame))
            seen.Add(new Sighting(name, FrameText.Summarise(frame)));
    }

    /// <summary>
    /// The near end of the cable, which is the node's, tells its groups to nobody (MLDv2, RFC 3810) when it comes up.
    /// </summary>
    private static bool IsNoise(ReadOnlySpan<byte> frame) =>
        EthernetView.TryParse(frame, out var ethernet) && IpView.TryParse(ethernet.Payload, out var ip)
        && ip.Source == IpAddressValue.Parse("::") && ip.Destination == IpAddressValue.Parse("ff02::16");

    /// <summary>The live connections' own: a late acknowledgement.</summary>
    private static bool IsLive(ReadOnlySpan<byte> frame, Scene scene)
    {
        if (!EthernetView.TryParse(frame, out var ethernet)
            || !IpView.TryParse(ethernet.Payload, out var ip)
            || ip.Protocol is not (IpProtocol.Tcp or IpProtocol.Udp))
        {
            return false;
        }
        var ends = (ip.Source, ip.Destination);
        var (live, friend) = (IpAddressValue.From(scene.Live.Address(ip.Source.Family)),
            IpAddressValue.From(scene.Friend.Address(ip.Source.Family)));
        return ends == (live, friend) || ends == (friend, live);
    }
}
