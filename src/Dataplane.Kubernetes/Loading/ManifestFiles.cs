namespace Dataplane.Kubernetes.Loading;

/// <summary>Finds the files that a path names, and reads them.</summary>
internal static class ManifestFiles
{
    private const string AssertionName = "expect.yaml";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>
    /// The path itself, or the manifests (no assertion files) below the directory in ordinal order. Links to
    /// directories are not followed; directories whose names begin with a dot, and node_modules, are passed over.
    /// </summary>
    /// <exception cref="ManifestPathException">The path does not exist or a directory cannot be listed.</exception>
    public static IReadOnlyList<string> Expand(string path, PathPatterns exclude) =>
        Expand(path, exclude, IsManifestName);

    /// <summary>Whether a file below a directory is read as a manifest, by its name.</summary>
    public static bool IsManifestName(string path) => !IsAssertionFile(path)
        && (Extensions.Contains(Path.GetExtension(path)) || Path.GetFileName(path) == "Kustomization");

    /// <summary>
    /// Whether a file holds assertions instead of manifests, by its name: <c>expect.yaml</c> or <c>*.expect.yaml</c>.
    /// </summary>
    public static bool IsAssertionFile(string path) => Path.GetFileName(path) is var name
        && (name == AssertionName || name.EndsWith($".{AssertionName}", StringComparison.Ordinal));

    private static bool IsUrl(string path) => path.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || path.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The path itself, or the files below the directory that <paramref name="wanted"/> takes.</summary>
    /// <exception cref="ManifestPathException">As above.</exception>
    public static IReadOnlyList<string> Expand(string path, PathPatterns exclude, Func<string, bool> wanted)
    {
        if (!Directory.Exists(path))
        {
            if (File.Exists(path))
            {
                return exclude.Match(path, path) ? [] : [path];
            }
            throw new ManifestPathException(IsUrl(path)
                ? $"{path}: a URL, and only files are read; fetch it: curl -fsSL {path} | dataplane ... -f -"
                : $"{path}: no such file or directory");
        }
        var found = new List<string>();
        Guarded(path, () => Collect(path, wanted, found));
        found.RemoveAll(file => exclude.Match(path, file));
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <summary>
    /// Reads at most <paramref name="limit"/> + 1 bytes: one more than the limit tells that the file is too large.
    /// </summary>
    /// <exception cref="ManifestPathException">The file cannot be opened or read.</exception>
    public static byte[] Read(string path, int limit) => Guarded(path, () =>
    {
        using var file = File.OpenRead(path);
        var bytes = new MemoryStream(file.CanSeek ? (int)Math.Min(file.Length, limit) + 1 : 0);
        // Manifests are mostly small, and there may be thousands of them.
        var buffer = new byte[file.CanSeek ? Math.Clamp(file.Length, 4096, 81920) : 81920];
        while (bytes.Length <= limit && file.Read(buffer, 0,
            (int)Math.Min(buffer.Length, limit + 1 - bytes.Length)) is var n and > 0)
        {
            bytes.Write(buffer, 0, n);
        }
        return bytes.ToArray();
    });

    private static bool Collect(string directory, Func<string, bool> wanted, List<string> found)
    {
        found.AddRange(Directory.EnumerateFiles(directory).Where(wanted));
        foreach (var below in Directory.EnumerateDirectories(directory)
            .Where(d => Path.GetFileName(d) is { } name && name[0] != '.' && name != "node_modules"
                && new DirectoryInfo(d).LinkTarget is null))
        {
            Collect(below, wanted, found);
        }
        return true;
    }

    private static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ManifestPathException($"{path}: permission denied", e);
        }
        catch (Exception e) when (e is IOException or NotSupportedException or ArgumentException)
        {
            throw new ManifestPathException($"{path}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
