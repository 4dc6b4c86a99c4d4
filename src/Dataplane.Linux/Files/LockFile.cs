namespace Dataplane.Linux.Files;

/// <summary>
/// A file with an exclusive lock, flock(2). Whoever can open such a file can keep its owner out, so it is its owner's
/// alone, also where its directory is open to a group.
/// </summary>
public static class LockFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens and locks the file, and makes it where it is missing.</summary>
    /// <returns>Dispose it to release the lock; the end of the process releases it too.</returns>
    /// <exception cref="IOException">It cannot be opened. HResult is EAGAIN where it is locked.</exception>
    public static FileStream Open(string path)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            UnixCreateMode = OwnerOnly,
        });
        // One that an earlier version made.
        if (File.GetUnixFileMode(file.SafeFileHandle) != OwnerOnly)
            File.SetUnixFileMode(file.SafeFileHandle, OwnerOnly);
        return file;
    }
}
