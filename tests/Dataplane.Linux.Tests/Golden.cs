using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Tests;

/// <summary>Compares one written batch with a table of bytes: hexadecimal, comments from <c>//</c> to the end of the line.</summary>
internal static class Golden
{
    public static void Equal(string table, NetlinkBatchBuilder build)
    {
        var writer = new NetlinkWriter(16, firstSequence: 1);
        try
        {
            build(ref writer);
            writer.End();
            Equal(table, writer.Written);
        }
        finally
        {
            writer.Dispose();
        }
    }

    public static void Equal(string table, ReadOnlySpan<byte> actual)
    {
        var expected = string.Concat(table.Split('\n').Select(static line => line.Split("//")[0])).Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(Lines(expected), Lines(Convert.ToHexStringLower(actual)));
    }

    /// <summary>Four bytes a line, so that a difference shows where it is.</summary>
    private static string Lines(string hex) => string.Join('\n', hex.Chunk(8).Select(static c => new string(c)));
}
