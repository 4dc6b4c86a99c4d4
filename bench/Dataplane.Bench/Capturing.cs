using System.Diagnostics;
using System.Globalization;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Addressing;
using Dataplane.Node.Network;

namespace Dataplane.Bench;

/// <summary>Half a million frames a second at a pod's port: our reader, as verifications and captures use it, beside C that reads whole blocks.</summary>
internal static class Capturing
{
    private const int Rate = 500_000, Seconds = 2, Runs = 5, SnapLength = 96;

    /// <summary>Where the frames have 8080, a UDP port.</summary>
    private const int PortAt = 36;

    public static void Run()
    {
        using var node = PrivateNode.Create(NodeOptions.Default);
        var pod = node.AttachPods(TypicalCluster.Of(1, 0).Pods)[0];
        var (ours, c, lost, rates) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var run = -1; run < Runs; run++)
        {
            var theirs = Yardsticks.Run("capture", $"{Rate}", $"{Seconds}", Yardsticks.File(pod.Netns), Yardsticks.File(node.Netns), pod.Port);
            var (captured, sent, nanoseconds) = Read(node.Netns, pod);
            if (run < 0) continue;
            ours.Add(nanoseconds);
            c.Add(theirs["ns"]);
            lost.Add((double)(sent - captured) / sent);
            rates.Add((double)sent / Seconds);
        }
        Figures.Line("frames a second that could be sent", $"{rates.Min():N0}");
        Figures.Bar($"capture at {Rate:N0} frames a second, processor time of a frame", ours, "C, blocks (TPACKET_V3)", c, 3, "ns");
        Figures.Bar($"capture at {Rate:N0} frames a second, lost, the worst of {Runs} runs", lost.Max() * 100, 0, "%");
    }

    private static (long Captured, long Sent, double Nanoseconds) Read(Netns node, Attachment pod)
    {
        using var ring = PacketRing.Open(node, CaptureFilter.Build(SnapLength, CaptureDirection.Incoming), pod.PortIndex, 1 << 17, SnapLength);
        var before = Environment.CpuUsage.TotalTime;
        using var sender = Process.Start(new ProcessStartInfo(Yardsticks.Path("capture"), [$"{Rate}", $"{Seconds}", Yardsticks.File(pod.Netns)]) { RedirectStandardOutput = true })!;
        var captured = 0L;
        for (var over = false; ;)
        {
            while (ring.TryRead(out var frame))
                if (frame.Data.Length > PortAt + 1 && frame.Data[PortAt] == 8080 >> 8 && frame.Data[PortAt + 1] == (8080 & 255)) captured++;
            if (over) break;
            over = sender.HasExited;
            Thread.Sleep(1);
        }
        var took = Environment.CpuUsage.TotalTime - before;
        var sent = long.Parse(sender.StandardOutput.ReadToEnd().Split(' ')[1], CultureInfo.InvariantCulture);
        return (captured, sent, took.TotalNanoseconds / captured);
    }
}
