using System.Globalization;

namespace Dataplane.Linux.Frames;

/// <summary>
/// A 48-bit Ethernet address, the first byte on the wire being the most significant of <see cref="Bits"/>.
/// </summary>
public readonly record struct MacAddress(ulong Bits)
{
    public const int Size = 6;

    public static MacAddress Broadcast { get; } = new(0xffff_ffff_ffff);

    /// <summary>Reads six bytes in wire order.</summary>
    public static MacAddress Read(ReadOnlySpan<byte> wire) =>
        new((ulong)wire[5] | (ulong)wire[4] << 8 | (ulong)wire[3] << 16 | (ulong)wire[2] << 24 | (ulong)wire[1] << 32
            | (ulong)wire[0] << 40);

    /// <summary>Writes six bytes in wire order.</summary>
    public void Write(Span<byte> wire)
    {
        wire[5] = (byte)Bits;
        wire[4] = (byte)(Bits >> 8);
        wire[3] = (byte)(Bits >> 16);
        wire[2] = (byte)(Bits >> 24);
        wire[1] = (byte)(Bits >> 32);
        wire[0] = (byte)(Bits >> 40);
    }

    /// <summary>Reads <c>0a:58:0a:f4:00:02</c>.</summary>
    /// <exception cref="FormatException">Not six two-digit hexadecimal bytes between colons.</exception>
    public static MacAddress Parse(string text)
    {
        var parts = text.Split(':');
        ulong bits = 0;
        foreach (var part in parts)
        {
            if (parts.Length != Size || part.Length != 2
                || !byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var b))
            {
                throw new FormatException($"'{text}' is not an Ethernet address");
            }

            bits = bits << 8 | b;
        }

        return new MacAddress(bits);
    }

    public override string ToString() =>
        $"{(byte)(Bits >> 40):x2}:{(byte)(Bits >> 32):x2}:{(byte)(Bits >> 24):x2}:"
        + $"{(byte)(Bits >> 16):x2}:{(byte)(Bits >> 8):x2}:{(byte)Bits:x2}";
}
