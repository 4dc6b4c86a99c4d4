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

    /// <returns>Dispose it to release the lock; the end of the process releases it too.</returns>
    /// <exception cref="NodeBusyException">Another daemon holds the lock.</exception>
    /// <exception cref="IOException">The directory cannot be made, or nothing can be written there.</exception>
    public static IDisposable Take(string stateDirectory)
    {
        try
        {
            Directory.CreateDirectory(stateDirectory, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(stateDirectory, e);
        }
        var path = Path.Combine(stateDirectory, Name);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.HResult == Errno.EAGAIN)
        {
            throw new NodeBusyException($"another daemon keeps its state in {stateDirectory} ({path} is locked)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(stateDirectory, e);
        }
    }

    private static IOException Unusable(string stateDirectory, Exception cause) =>
        new($"the state directory {stateDirectory} cannot be used: {cause.Message}", cause);
}
