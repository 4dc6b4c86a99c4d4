using System.Text;

namespace Dataplane.Api.Networks;

/// <summary>A network configuration as it was given: where something stands in it.</summary>
/// <param name="utf8">Without a byte order mark.</param>
public sealed class ConfigText(ReadOnlyMemory<byte> utf8)
{
    public ReadOnlyMemory<byte> Utf8 => utf8;

    /// <summary>Line and column, both from 1, as editors count them.</summary>
    /// <param name="offset">In bytes.</param>
    public (int Line, int Column) PlaceOf(int offset)
    {
        var before = utf8.Span[..Math.Clamp(offset, 0, utf8.Length)];
        return (before.Count((byte)'\n') + 1,
            Encoding.UTF8.GetCharCount(before[(before.LastIndexOf((byte)'\n') + 1)..]) + 1);
    }
}
