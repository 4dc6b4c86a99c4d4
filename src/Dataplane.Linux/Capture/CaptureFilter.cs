using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Linux.Capture;

/// <summary><c>struct sock_filter</c>, linux/filter.h: one instruction of a classic BPF program.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SockFilter(ushort Code, byte JumpTrue, byte JumpFalse, uint K);

/// <summary>The direction of the frames that a capture sees, from the view of the captured interface.</summary>
public enum CaptureDirection : byte
{
    Both,

    /// <summary>
    /// Only frames the interface sends: on the host's end of a veth pair, those that go into the pod.
    /// </summary>
    Outgoing,

    /// <summary>
    /// Only frames the interface receives: on the host's end of a veth pair, those that come out of the pod.
    /// </summary>
    Incoming,
}

/// <summary>
/// Builds the filters the kernel runs on every frame before it copies it, as classic BPF on Ethernet frames.
/// </summary>
public static class CaptureFilter
{
    // linux/bpf_common.h: class | size or operation | mode or source
    private const ushort LoadByte = FilterCode.LoadByte, LoadHalf = FilterCode.LoadHalf, LoadWord = FilterCode.LoadWord;
    private const ushort Jump = FilterCode.Jump, JumpEqual = FilterCode.JumpEqual, Return = FilterCode.Return;

    // linux/filter.h: SKF_AD_OFF + SKF_AD_PKTTYPE; linux/if_packet.h: PACKET_OUTGOING
    private const uint PacketTypeField = unchecked((uint)-0x1000 + 4);
    private const uint InterfaceField = unchecked((uint)-0x1000 + 8); // SKF_AD_IFINDEX
    private const uint PacketOutgoing = 4;

    /// <param name="snapLength">Bytes of each accepted frame to keep, from the Ethernet header on.</param>
    /// <param name="sourceMac">Keep only frames whose source MAC address begins with these 16 bits.</param>
    /// <param name="exceptInterface">An interface whose frames are not wanted, such as the bridge that they pass on
    /// their way.</param>
    public static SockFilter[] Build(
        int snapLength, CaptureDirection direction = CaptureDirection.Both, ushort? sourceMac = null,
        InterfaceIndex? exceptInterface = null)
    {
        var program = new List<SockFilter>();
        if (direction != CaptureDirection.Both)
        {
            var outgoing = direction == CaptureDirection.Outgoing;
            program.Add(new(LoadByte, 0, 0, PacketTypeField));
            program.Add(new(JumpEqual, (byte)(outgoing ? 1 : 0), (byte)(outgoing ? 0 : 1), PacketOutgoing));
            program.Add(new(Return, 0, 0, 0));
        }

        if (exceptInterface is { } except)
        {
            program.Add(new(LoadWord, 0, 0, InterfaceField));
            program.Add(new(JumpEqual, 0, 1, (uint)except.Value));
            program.Add(new(Return, 0, 0, 0));
        }

        if (sourceMac is { } prefix)
        {
            program.Add(new(LoadHalf, 0, 0, 6));
            program.Add(new(JumpEqual, 1, 0, prefix));
            program.Add(new(Return, 0, 0, 0));
        }

        program.Add(new(Return, 0, 0, (uint)snapLength));
        return [.. program];
    }

    /// <summary>
    /// All frames of one interface, and the outgoing frames of other interfaces whose source is one of its addresses.
    /// </summary>
    /// <param name="except">An interface whose frames are not wanted, such as the bridge that they pass on their
    /// way.</param>
    /// <param name="own">
    /// A further filter for the interface's own frames; null: none. It is not applied to frames of other interfaces:
    /// they are only used to learn the verdict of a frame, and routing has changed their Ethernet header and hop limit.
    /// </param>
    public static SockFilter[] Around(
        InterfaceIndex index, InterfaceIndex except, IReadOnlyList<IpAddressValue> addresses, int snapLength,
            FilterProgram? own = null)
    {
        List<SockFilter> program = [new(LoadWord, 0, 0, InterfaceField)];
        if (own is null)
        {
            program.Add(new(JumpEqual, 0, 1, (uint)index.Value));
            program.Add(new(Return, 0, 0, (uint)snapLength));
        }
        else
        {
            // A conditional jump reaches 255 instructions, a plain one all of them.
            program.Add(new(JumpEqual, 1, 0, (uint)index.Value));
            program.Add(new(Jump, 0, 0, (uint)own.Length));
            program.AddRange(own.Returning((uint)snapLength));
        }

        program.AddRange(
        [
            new(JumpEqual, 0, 1, (uint)except.Value),
            new(Return, 0, 0, 0),
            new(LoadByte, 0, 0, PacketTypeField),
            new(JumpEqual, 1, 0, PacketOutgoing),
            new(Return, 0, 0, 0),
        ]);
        Span<byte> bytes = stackalloc byte[16];
        foreach (var address in addresses)
        {
            address.Write(bytes);
            // The EtherType, each word of the source address, and the action when all of them match.
            var words = address.Length / 4;
            program.Add(new(LoadHalf, 0, 0, 12));
            program.Add(new(JumpEqual, 0, (byte)(2 * words + 1), address.IsIPv6 ? EtherTypes.IPv6 : EtherTypes.IPv4));
            for (var word = 0; word < words; word++)
            {
                program.Add(
                    new(LoadWord, 0, 0, (uint)(EthernetView.HeaderLength + (address.IsIPv6 ? 8 : 12) + 4 * word)));
                program.Add(new(JumpEqual, 0, (byte)(2 * (words - word - 1) + 1),
                    BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * word)..])));
            }

            program.Add(new(Return, 0, 0, (uint)snapLength));
        }

        program.Add(new(Return, 0, 0, 0));
        return [.. program];
    }
}
