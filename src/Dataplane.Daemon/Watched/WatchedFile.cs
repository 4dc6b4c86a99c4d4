using Dataplane.Kubernetes.Loading;

namespace Dataplane.Daemon.Watched;

/// <summary>How a file looked: as long as nothing of this changes, its content is taken to be the same.</summary>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <exception cref="IOException">It is not there, or a link that leads nowhere.</exception>
    public static FileStamp Of(FileInfo file)
    {
        // A link never changes; what it leads to does.
        var target = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
        return new FileStamp(target.LastWriteTimeUtc, target.Length);
    }
}

/// <summary>A file of the manifest directory as it was read last.</summary>
/// <param name="Documents">Of the last good content.</param>
/// <param name="Error">Why the present content is not enforced; null: it is.</param>
/// <param name="Retry">Somebody else's change may mend the error: it is tried again.</param>
internal sealed record WatchedFile(FileStamp Stamp, IReadOnlyList<ManifestDocument> Documents, string? Error, bool Retry);
