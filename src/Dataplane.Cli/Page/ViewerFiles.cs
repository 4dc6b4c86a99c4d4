namespace Dataplane.Cli.Page;

/// <summary>The viewer: one script and one style, put together from the files of <c>Page/Viewer</c>.</summary>
internal static class ViewerFiles
{
    private const string Prefix = "viewer/";

    /// <summary>In the order of their names: the library is first, and what starts the viewer last.</summary>
    private static readonly Lazy<byte[]> Scripts = new(() => Join(".js")), Styles = new(() => Join(".css"));

    public static ReadOnlyMemory<byte> Script => Scripts.Value;

    public static ReadOnlyMemory<byte> Style => Styles.Value;

    private static byte[] Join(string ending)
    {
        var assembly = typeof(ViewerFiles).Assembly;
        using var joined = new MemoryStream();
        foreach (var name in assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(ending, StringComparison.Ordinal)))
        {
            using var file = assembly.GetManifestResourceStream(name)!;
            file.CopyTo(joined);
            joined.WriteByte((byte)'\n');
        }
        return joined.ToArray();
    }
}
