using System.Diagnostics;
using System.Globalization;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Ports;
using Dataplane.Planning;

namespace Dataplane.Bench;

/// <summary>
/// Half a million frames a second at a pod's port: our reader, as verifications and captures use it, beside C that
/// reads whole blocks.
/// </summary>
internal static class Capturing
{
    /// <summary>Milliseconds between two looks into the ring, as where a capture is written.</summary>
    private const int Pause = 5;

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
            var theirs = Yardsticks.Run("capture", $"{Rate}", $"{Seconds}", Yardsticks.File(pod.Netns),
                Yardsticks.File(node.Netns), pod.Port);
            var (captured, sent, nanoseconds) = Read(node.Netns, pod);
            if (run < 0) continue;
            ours.Add(nanoseconds);
            c.Add(theirs["ns"]);
            lost.Add((double)(sent - captured) / sent);
            rates.Add((double)sent / Seconds);
        }
        Figures.Line("frames a second that could be sent", $"{rates.Min():N0}");
        Figures.Bar($"capture at {Rate:N0} frames a second, processor time of a frame", ours, "C, blocks (TPACKET_V3)",
            c, 3, "ns");
        Figures.Bar($"capture at {Rate:N0} frames a second, lost, the worst of {Runs} runs", lost.Max() * 100, 0, "%");
    }

    private static (long Captured, long Sent, double Nanoseconds) Read(Netns node, Attachment pod)
    {
        using var ring = PacketRing.Open(node, CaptureFilter.Build(SnapLength, CaptureDirection.Incoming),
            pod.PortIndex, 1 << 17, SnapLength);
        using var sender = Process.Start(new ProcessStartInfo(Yardsticks.Path("capture"),
            [$"{Rate}", $"{Seconds}", Yardsticks.File(pod.Netns)]) { RedirectStandardOutput = true })!;
        // Where the C reader is too, beside the CPU of the sender.
        using var pinned = CpuPinning.PinCurrentThread(CpuPinning.Allowed()[^1]);
        var (captured, end, before) = (0L, sender.WaitForExitAsync(), OnCpu());
        for (var over = false; ;)
        {
            captured += Drain(ring);
            if (over) break;
            over = end.IsCompleted;
            Thread.Sleep(Pause);
        }
        var took = OnCpu() - before;
        var sent = long.Parse(sender.StandardOutput.ReadToEnd().Split(' ')[1], CultureInfo.InvariantCulture);
        return (captured, sent, (double)took / captured);
    }

    /// <summary>
    /// Nanoseconds that this thread has run (proc(5), schedstat): the compiler's thread is not the reader's cost, and C
    /// has none.
    /// </summary>
    private static long OnCpu() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>
    /// Called often, as where captures are read in earnest: so the runtime compiles it once more, and well.
    /// </summary>
    private static long Drain(PacketRing ring)
    {
        var captured = 0L;
        while (ring.TryRead(out var frame))
        {
            if (frame.Data is var data && data.Length > PortAt + 1 && data[PortAt] == 8080 >> 8
                && data[PortAt + 1] == (8080 & 255))
            {
                captured++;
            }
        }
        return captured;
    }
}
