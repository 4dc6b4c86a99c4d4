using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using static Dataplane.Linux.Tests.Frames.Probes;

namespace Dataplane.Linux.Tests.Capture;

public sealed class PcapngWriterTests
{
    /// <summary>2024-01-01 00:00:00.123456789 UTC.</summary>
    private const long Time = 1_704_067_200_123_456_789;

    [Fact]
    public void Golden_file()
    {
        using var stream = new MemoryStream();
        using (var writer = new PcapngWriter(stream, "dp"))
        {
            Assert.Equal(0, writer.AddInterface("eth0", 96).Number);
            writer.Write(new(0), Time, Hex("ffffffffffff 0a580af40003 88b5 01"), 60, CaptureDirection.Incoming, "why");
            writer.Write(new(0), Time, Hex("ffffffffffff 0a580af40003 88b5 0102"), 16);
        }

        var golden = Hex("""
            0a0d0d0a 28000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 0200 64700000 0000 0000 28000000
            01000000 28000000 0100 0000 60000000 0200 0400 65746830 0900 0100 09000000 0000 0000 28000000
            06000000 44000000 00000000 1710a617 15cdc008 0f000000 3c000000 ffffffffffff0a580af4000388b50100
                0200 0400 01000000 0100 0300 77687900 0000 0000 44000000
            06000000 30000000 00000000 1710a617 15cdc008 10000000 10000000 ffffffffffff0a580af4000388b50102 30000000
            """);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(stream.ToArray()));
    }

    [Fact]
    public void Golden_statistics()
    {
        using var stream = new MemoryStream();
        using var writer = new PcapngWriter(stream, "dp");
        writer.AddInterface("eth0", 96);
        stream.SetLength(0);
        writer.WriteStatistics(new(0), Time, new CaptureStatistics(0x1234, 7));
        var golden = Hex("""
            05000000 34000000 00000000 1710a617 15cdc008
                0400 0800 3412000000000000 0500 0800 0700000000000000 0000 0000 34000000
            """);
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(stream.ToArray()));
    }

    [Fact]
    public void Tcpdump_reads_it()
    {
        using var directory = new TempDirectory();
        var path = directory["written.pcapng"];
        using (var writer = new PcapngWriter(File.Create(path), "dataplane"))
        {
            writer.AddInterface("veth1");
            writer.AddInterface("veth2");
            var frame = Frame(IpProtocol.Tcp, v6: false);
            writer.Write(new(1), Time, frame, frame.Length, CaptureDirection.Outgoing, new string('é', 40_000));
            frame = Frame(IpProtocol.Sctp, v6: true);
            writer.Write(new(0), Time, frame, frame.Length);
            writer.Write(new(0), Time, frame.AsSpan(0, 60), frame.Length);
            writer.WriteStatistics(new(0), Time, new CaptureStatistics(2, 0));
        }

        var lines = Tool.Tcpdump("-r", path, "-n", "-S", "-tt", "--nano", "-v");
        Assert.Contains(lines, l => l.StartsWith("1704067200.123456789 IP (", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("10.244.0.3.45250 > 10.244.0.2.80: Flags [S]", StringComparison.Ordinal)
            && l.Contains("(correct)", StringComparison.Ordinal)
            && l.Contains("seq 305419896", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("[INIT] [init tag: 305419896]", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("[|sctp]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_frame_of_an_unknown_interface_is_refused()
    {
        using var writer = new PcapngWriter(new MemoryStream(), "dp");
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(new(0), Time, [1], 1));
    }
}
