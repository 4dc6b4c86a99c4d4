using Dataplane.Linux.Capture;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Dataplane.Cli.Tests.Read;

/// <summary>Capture files for tests: our own pcapng, and classic pcap as SharpPcap writes it.</summary>
internal static class Captures
{
    /// <summary>2026-01-02 12:00:01.204000000 UTC, and a millisecond more for each frame.</summary>
    public const long Noon = 1_767_355_201_204_000_000;

    public static string Pcapng(this Cli cli, params byte[][] frames)
    {
        var bytes = new MemoryStream();
        var writer = new PcapngWriter(bytes, "test");
        var at = writer.AddInterface("x/web", 1600);
        foreach (var (i, frame) in frames.Index())
            writer.Write(at, Noon + i * 1_000_000 + 7, frame, frame.Length, comment: "allowed");
        return cli.File("test.pcapng", bytes.ToArray());
    }

    public static string Pcap(this Cli cli, LinkLayers link, params byte[][] frames)
    {
        var path = cli.File("test.pcap", []);
        using var writer = new CaptureFileWriterDevice(path);
        writer.Open(new DeviceConfiguration { LinkLayerType = link });
        foreach (var (i, frame) in frames.Index())
        {
            var header = new PcapHeader((uint)(Noon / 1_000_000_000), (uint)(204_000 + i), (uint)frame.Length,
                (uint)frame.Length);
            writer.Write(frame, ref header);
        }
        return path;
    }
}
