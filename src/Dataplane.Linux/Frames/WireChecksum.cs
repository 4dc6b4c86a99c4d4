using System.Buffers.Binary;
using System.Numerics;

namespace Dataplane.Linux.Frames;

/// <summary>
/// The two checksums of the wire: the Internet checksum (RFC 1071) and CRC32c as SCTP uses it (RFC 9260, appendix A).
/// </summary>
internal static class WireChecksum
{
    /// <summary>
    /// Adds <paramref name="data"/> to a running sum. The sum is kept in little-endian words on every machine: ones'
    /// complement addition does not care, as long as the result is written little-endian too. All pieces but the last
    /// have even length.
    /// </summary>
    public static ulong Add(ulong sum, ReadOnlySpan<byte> data)
    {
        while (data.Length >= 4)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(data);
            data = data[4..];
        }

        if (data.Length >= 2)
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(data);
            data = data[2..];
        }

        return data.IsEmpty ? sum : sum + data[0];
    }

    /// <summary>
    /// The rest of a pseudo header: the addresses as they lie in the packet, the protocol, the transport length.
    /// </summary>
    public static ulong PseudoHeader(ReadOnlySpan<byte> addresses, IpProtocol protocol, int length) =>
        Add((ulong)protocol << 8, addresses) + BinaryPrimitives.ReverseEndianness((ushort)length);

    /// <summary>Folds and inverts; to be written with <see cref="BinaryPrimitives.WriteUInt16LittleEndian"/>.</summary>
    public static ushort Finish(ulong sum)
    {
        sum = (sum & 0xffff_ffff) + (sum >> 32);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    /// <summary>
    /// CRC32c over <paramref name="data"/>; to be written little-endian. The processor's own instruction where there is
    /// one.
    /// </summary>
    public static uint Crc32c(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        while (data.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }

        foreach (var b in data)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
