using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Files;

namespace Dataplane.Control.Sources;

/// <summary>A file of the manifest directory as it was found at one moment.</summary>
/// <param name="IsBeingWritten">A process has it open for writing, or it changed while it was read.</param>
/// <param name="Content">Null: it has not been read.</param>
internal sealed record FoundFile(FileStamp Stamp, bool IsBeingWritten, byte[]? Content)
{
    /// <param name="known">A file with this stamp is not read again.</param>
    /// <exception cref="IOException">It cannot be opened or read, or is no regular file.</exception>
    public static FoundFile Look(string path, FileStamp? known)
    {
        using var file = RegularFile.Open(path);
        var stamp = file.Stamp;
        if (stamp == known) return new FoundFile(stamp, IsBeingWritten: false, Content: null);
        if (file.HasWriters()) return new FoundFile(stamp, IsBeingWritten: true, Content: null);
        var content = file.Read(ManifestLoader.MaxFileBytes);
        return new FoundFile(stamp, IsBeingWritten: file.Stamp != stamp, content);
    }
}
