using System.Buffers.Binary;
using Dataplane.Linux.Capture;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Tests.Frames;
namespace Dataplane.Linux.Tests.Capture;

public sealed class CaptureFilterTests
{
    [Theory]
    [InlineData(CaptureDirection.Both, PacketType.Host, true)]
    [InlineData(CaptureDirection.Both, PacketType.Outgoing, true)]
    [InlineData(CaptureDirection.Outgoing, PacketType.Outgoing, true)]
    [InlineData(CaptureDirection.Outgoing, PacketType.Host, false)]
    [InlineData(CaptureDirection.Outgoing, PacketType.OtherHost, false)]
    [InlineData(CaptureDirection.Incoming, PacketType.Outgoing, false)]
    [InlineData(CaptureDirection.Incoming, PacketType.Broadcast, true)]
    public void Direction(CaptureDirection direction, PacketType type, bool kept)
    {
        var program = CaptureFilter.Build(96, direction);
        Assert.Equal(kept ? 96u : 0, Run(program, Probes.Frame(IpProtocol.Udp, v6: false), type));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Around_an_interface(bool v6)
    {
        const int Pod = 1002, Bridge = 1000, Other = 1003;
        var frame = Probes.Frame(IpProtocol.Udp, v6);
        Assert.True(EthernetView.TryParse(frame, out var ethernet) && IpView.TryParse(ethernet.Payload, out _));
        Assert.True(IpView.TryParse(ethernet.Payload, out var ip));
        // Both families; the address that is asked about stands last, behind one that differs in its last word.
        var near = IpAddressValue.Parse(v6 ? "fd00:10:244::1:0:1" : "10.244.255.254");
        var (own, foreign) = (CaptureFilter.Around(new(Pod), new(Bridge), [near, ip.Source], 90),
            CaptureFilter.Around(new(Pod), new(Bridge), [near, ip.Destination], 90));
        Assert.Equal(90u, Run(foreign, frame, PacketType.Host, Pod));
        Assert.Equal(90u, Run(foreign, frame, PacketType.Outgoing, Pod));
        Assert.Equal(90u, Run(own, frame, PacketType.Outgoing, Other));
        Assert.Equal(0u, Run(own, frame, PacketType.Host, Other));
        Assert.Equal(0u, Run(own, frame, PacketType.Outgoing, Bridge));
        Assert.Equal(0u, Run(foreign, frame, PacketType.Outgoing, Other));
        frame[13] ^= 1;
        Assert.Equal(0u, Run(own, frame, PacketType.Outgoing, Other));
    }

    [Fact]
    public void A_filter_of_ones_own_is_asked_of_the_interfaces_own_frames_alone()
    {
        const int Pod = 1002, Bridge = 1000, Other = 1003;
        var (four, six) = (Probes.Frame(IpProtocol.Udp, v6: false), Probes.Frame(IpProtocol.Udp, v6: true));
        // As long as can be: no conditional jump reaches over it.
        SockFilter[] isIPv4 = [.. Enumerable.Repeat(new SockFilter(0x28, 0, 0, 12), FilterProgram.MaxLength - 3),
            new(0x15, 0, 1, 0x0800), new(0x06, 0, 0, 4), new(0x06, 0, 0, 0)];
        var own = FilterProgram.TryCreate(isIPv4, out var error);
        Assert.Null(error);
        var program = CaptureFilter.Around(new(Pod), new(Bridge),
            [IpAddressValue.Parse("10.244.0.3"), IpAddressValue.Parse("fd00:10:244::3")], 90, own);
        Assert.InRange(program.Length, FilterProgram.MaxLength, 4096);
        Assert.Equal(90u, Run(program, four, PacketType.Host, Pod));
        Assert.Equal(0u, Run(program, six, PacketType.Host, Pod));
        // Those tell what became of a frame.
        Assert.Equal(90u, Run(program, six, PacketType.Outgoing, Other));
        Assert.Equal(0u, Run(program, four, PacketType.Host, Other));
        Assert.Equal(0u, Run(program, four, PacketType.Outgoing, Bridge));
    }

    /// <summary>As much of the classic BPF machine as the filters use (kernel: net/core/filter.c).</summary>
    private static uint Run(SockFilter[] program, byte[] frame, PacketType type, uint interfaceIndex = 0)
    {
        uint a = 0;
        for (var at = 0; ; at++)
        {
            var (code, jumpTrue, jumpFalse, k) = program[at];
            switch (code)
            {
                case 0x30: a = k == 0xfffff004 ? (byte)type : frame[k]; break;
                case 0x20:
                    a = k == 0xfffff008 ? interfaceIndex : BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan((int)k));
                    break;
                case 0x28: a = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan((int)k)); break;
                case 0x74: a >>= (int)k; break;
                case 0x54: a &= k; break;
                case 0x05: at += (int)k; break;
                case 0x15: at += a == k ? jumpTrue : jumpFalse; break;
                case 0x06: return k;
                default: throw new InvalidOperationException($"unknown instruction 0x{code:x}");
            }
        }
    }
}
