using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Node.Network;

namespace Dataplane.Integration.Attacks;

/// <summary>A capture inside every namespace but the attacker's: what arrives at its eth0. Silence is expected there, so every frame counts.</summary>
internal sealed class PodWitnesses : IDisposable
{
    private const int SnapLength = 512;
    private readonly List<(string Name, PacketRing Ring)> _rings = [];

    public PodWitnesses(PrivateNode node)
    {
        foreach (var attachment in node.Attachments.Where(a => a.Endpoint?.Name != "x/attacker"))
            _rings.Add((attachment.Endpoint?.Name ?? "stranger", PacketRing.Open(attachment.Netns,
                CaptureFilter.Build(SnapLength, CaptureDirection.Incoming), NodeLayout.PodInterface, frameCount: 512, SnapLength)));
    }

    public void Clear()
    {
        foreach (var (_, ring) in _rings)
            while (ring.TryRead(out _))
            {
            }
    }

    /// <summary>Reads each capture up to its control packet.</summary>
    public void Await(byte[] control, Scene scene, ISet<string> seen)
    {
        foreach (var (name, ring) in _rings)
        {
            if (name == "stranger")
            {
                // Closed to the node too: no control reaches it, but the ones sent before it to others are behind the attack.
                while (ring.TryRead(out var frame)) Judge(name, frame.Data, scene, seen);
                continue;
            }
            for (var done = false; !done;)
            {
                if (!ring.TryRead(out var frame))
                {
                    Assert.True(ring.Wait(10_000), $"the control packet did not reach {name}");
                    continue;
                }
                done = frame.Data.IndexOf(control) >= 0;
                if (!done) Judge(name, frame.Data, scene, seen);
            }
            Assert.Equal(0, ring.Statistics().Dropped);
        }
    }

    public void Dispose()
    {
        foreach (var (_, ring) in _rings) ring.Dispose();
    }

    private static void Judge(string name, ReadOnlySpan<byte> frame, Scene scene, ISet<string> seen)
    {
        if (frame.IndexOf(scene.Tag) >= 0 || !IsLive(frame, scene)) seen.Add(name);
    }

    /// <summary>A late acknowledgement of the live connections.</summary>
    private static bool IsLive(ReadOnlySpan<byte> frame, Scene scene)
    {
        if (!EthernetView.TryParse(frame, out var ethernet) || !IpView.TryParse(ethernet.Payload, out var ip) || ip.Protocol != IpProtocol.Tcp) return false;
        var ends = (From: ip.Source.ToIPAddress(), To: ip.Destination.ToIPAddress());
        var (live, friend) = (scene.Live.Address(ip.Source.Family), scene.Friend.Address(ip.Source.Family));
        return ends == (live, friend) || ends == (friend, live);
    }
}
