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
    /// <exception cref="IOException">The directory cannot be made.</exception>
    public static IDisposable Take(string stateDirectory)
    {
        Directory.CreateDirectory(stateDirectory, OwnerOnly);
        var path = Path.Combine(stateDirectory, Name);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new NodeBusyException($"another daemon keeps its state in {stateDirectory} ({path} is locked)");
        }
    }
}
