namespace Dataplane.Linux.Tests.Frames;

/// <summary>
/// The checksums once more, bit by bit and from the RFCs, so that the fast ones are not their own judge.
/// </summary>
internal static class IndependentChecksum
{
    /// <summary>RFC 1071: 0xffff over data that contains its own right checksum.</summary>
    public static int OnesComplementSum(params byte[][] parts)
    {
        var all = parts.SelectMany(p => p).ToArray();
        var sum = 0;
        for (var i = 0; i < all.Length; i += 2)
        {
            sum += all[i] * 256 + (i + 1 < all.Length ? all[i + 1] : 0);
            if (sum > 0xffff)
            {
                sum -= 0xffff;
            }
        }

        return sum;
    }

    /// <summary>RFC 768 / RFC 8200, section 8.1.</summary>
    public static byte[] PseudoHeader(byte[] addresses, byte protocol, int length) => addresses.Length == 8
        ? [.. addresses, 0, protocol, (byte)(length >> 8), (byte)length]
        : [.. addresses, 0, 0, (byte)(length >> 8), (byte)length, 0, 0, 0, protocol];

    /// <summary>RFC 9260, appendix A: reflected polynomial 0x1edc6f41, one bit at a time.</summary>
    public static uint Crc32c(ReadOnlySpan<byte> data)
    {
        var crc = 0xffff_ffffu;
        foreach (var b in data)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f6_3b78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
