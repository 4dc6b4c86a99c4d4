using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;

namespace Dataplane.Control.Store;

/// <summary>
/// An exclusive flock(2) on the state directory. Two daemons with one directory would take each other's changes for
/// damage.
/// </summary>
internal static class StateLock
{
    private const string Name = "lock";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <returns>Dispose it to release the lock; the end of the process releases it too.</returns>
    /// <exception cref="NodeBusyException">Another daemon holds the lock.</exception>
    /// <exception cref="StateDirectoryException">
    /// It cannot be made, nothing can be written there, or others can.
    /// </exception>
    public static IDisposable Take(string stateDirectory)
    {
        try
        {
            Directory.CreateDirectory(stateDirectory, OwnerOnly);
            if ((File.GetUnixFileMode(stateDirectory) & Others) != 0)
                throw new IOException("others than root can write to it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateDirectoryException(stateDirectory, e);
        }
        var path = Path.Combine(stateDirectory, Name);
        try
        {
            return LockFile.Open(path);
        }
        catch (IOException e) when (e.HResult == Errno.EAGAIN)
        {
            throw new NodeBusyException($"another daemon keeps its state in {stateDirectory} ({path} is locked)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StateDirectoryException(stateDirectory, e);
        }
    }
}
