using Dataplane.Cli.Read;
using PacketDotNet;

namespace Dataplane.Cli.Tests.Read;

/// <summary>No frame of a file ends the program, or keeps it busy.</summary>
public sealed class HostileFrameTests : IDisposable
{
    /// <summary>IP in IP with a header length of 0: to PacketDotNet a packet that contains itself.</summary>
    private const string Fatal = "0800 4000 0028 0000 4000 4004 0000 0af40003 0af40002";

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("", "Ethernet IPv4")]
    [InlineData("0800 4500 0028 0000 4000 4004 0000 0af40003 0af40002", "Ethernet IPv4 IPv4")]
    [InlineData("0800 4500 002c 0000 4000 402f 0000 0af40003 0af40002 0000", "Ethernet IPv4 Gre IPv4")]
    public void The_frame_that_describes_itself_without_end(string around, string layers)
    {
        // Alone, in a whole IP packet, and in GRE.
        var hidden = around.Length == 0 ? Fatal
            : around.EndsWith("0000", StringComparison.Ordinal) ? around + Fatal
            : around + Fatal[4..];
        var frame = Frames.Hex("0a580af40001 0a580af40003" + hidden);
        Assert.Equal(layers, string.Join(' ', GuardedLayers.Of(LinkLayers.Ethernet, frame)));
        var outcome = _cli.Run("read", _cli.Pcapng(frame), "-f", _cli.Example());
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.EndsWith("\n1 packet, 0 flows; 1 packet of no flow\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_are_counted()
    {
        var nested = string.Concat(Enumerable.Repeat("4500 0100 0000 4000 4004 0000 0af40003 0af40002", 20));
        Assert.Equal(GuardedLayers.Most,
            GuardedLayers.Of(LinkLayers.Ethernet, Frames.Hex("0a580af40001 0a580af40003 0800" + nested)).Count);
    }

    [Fact]
    public void What_our_views_have_no_name_for_is_named()
    {
        Assert.Equal("Lldp",
            FrameDecoder.Decode(LinkLayers.Ethernet, Frames.Hex("0180c200000e 0a580af40003 88cc 0000")).What);
        Assert.Equal("IgmpV2", FrameDecoder.Decode(LinkLayers.Ethernet, Frames.Hex(
            "01005e000001 0a580af40003 0800 4500 001c 0000 0000 0102 0000 0af40003 e0000001 1664 0000 e0000001")).What);
    }

    /// <summary>A seed that is fixed; every link type; what was seen is read to its last property.</summary>
    [Theory]
    [InlineData(LinkLayers.Ethernet, 60_000)]
    [InlineData(LinkLayers.Raw, 20_000)]
    [InlineData(LinkLayers.LinuxSll, 10_000)]
    [InlineData(LinkLayers.LinuxSll2, 10_000)]
    public void Random_and_damaged_frames(LinkLayers link, int rounds)
    {
        var random = new Random(6);
        var flows = new FlowBook(new AddressBook(null));
        var layers = 0;
        for (var round = 0; round < rounds; round++)
        {
            var frame = Frames.Random(random);
            if (link != LinkLayers.Ethernet && frame.Length > 20) frame = frame[(link == LinkLayers.Raw ? 14 : 0)..];
            var facts = FrameDecoder.Decode(link, frame);
            Assert.NotNull(facts.What);
            flows.Add(facts, frame.Length);
            var seen = GuardedLayers.Of(link, frame);
            Assert.InRange(seen.Count, 0, GuardedLayers.Most);
            layers = Math.Max(layers, seen.Count);
        }
        Assert.True(layers >= 2);
    }
}
