using Dataplane.Kubernetes.Loading;

namespace Dataplane.Control.Sources;

/// <summary>A file of the manifest directory as it was read last.</summary>
/// <param name="Documents">The last content without errors.</param>
/// <param name="Error">Why the present content is not enforced; null: it is.</param>
/// <param name="Retry">Another change may resolve the error: the file is read again at each scan.</param>
internal sealed record ManifestDirectoryFile(
    FileStamp Stamp, IReadOnlyList<ManifestDocument> Documents, string? Error, bool Retry);

/// <summary>Time and size of a file: while both stay the same, its content is taken to be unchanged.</summary>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <exception cref="IOException">The file does not exist, or is a link that leads nowhere.</exception>
    public static FileStamp Of(FileInfo file)
    {
        // A link itself never changes; its target does.
        var target = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        return new FileStamp(target.LastWriteTimeUtc, target.Length);
    }
}
