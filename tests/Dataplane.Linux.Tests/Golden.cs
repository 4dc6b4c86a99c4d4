using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Tests;

/// <summary>
/// Compares one written batch with a table of bytes: hexadecimal, comments from <c>//</c> to the end of the line.
/// </summary>
internal static class Golden
{
    public static void Equal(string table, Action<NetlinkWriter> build)
    {
        using var writer = new NetlinkWriter(16, firstSequence: 1);
        build(writer);
        writer.End();
        Equal(table, writer.Written);
    }

    public static void Equal(string table, ReadOnlySpan<byte> actual)
    {
        var expected = string.Concat(table.Split('\n').Select(static line => line.Split("//")[0]))
            .Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(Lines(expected), Lines(Convert.ToHexStringLower(actual)));
    }

    /// <summary>Four bytes a line, so that a difference shows where it is.</summary>
    private static string Lines(string hex) => string.Join('\n', hex.Chunk(8).Select(static c => new string(c)));
}
