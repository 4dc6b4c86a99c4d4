using Dataplane.Linux.Namespaces;

namespace Dataplane.Linux.Capture;

/// <summary>How the kernel classified a frame (linux/if_packet.h, <c>PACKET_*</c>).</summary>
public enum PacketType : byte
{
    Host = 0,
    Broadcast = 1,
    Multicast = 2,

    /// <summary>Addressed to another station.</summary>
    OtherHost = 3,

    /// <summary>Sent by the interface it was captured on.</summary>
    Outgoing = 4,
}

/// <summary>A frame as a view of the capture ring: it must not be used after the next call on the ring.</summary>
public readonly ref struct CapturedFrame
{
    internal CapturedFrame(ReadOnlySpan<byte> data, int length, InterfaceIndex index, PacketType type, long timestamp)
    {
        Data = data;
        Length = length;
        InterfaceIndex = index;
        Type = type;
        TimestampNanoseconds = timestamp;
    }

    /// <summary>The frame from its Ethernet header on, at most the snap length of it.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Length of the whole frame in bytes.</summary>
    public int Length { get; }

    /// <summary>The interface, by its index in the ring's namespace.</summary>
    public InterfaceIndex InterfaceIndex { get; }

    public PacketType Type { get; }

    /// <summary>Nanoseconds since the Unix epoch, by the kernel's clock at the moment of capture.</summary>
    public long TimestampNanoseconds { get; }
}

/// <summary>Counts of a capture since it was opened.</summary>
/// <param name="Received">Frames that passed the filter, the dropped ones included.</param>
/// <param name="Dropped">Frames that found the buffer full and are lost.</param>
public readonly record struct CaptureStatistics(long Received, long Dropped);
