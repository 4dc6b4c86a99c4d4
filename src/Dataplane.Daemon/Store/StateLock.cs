using Dataplane.Node.Live;

namespace Dataplane.Daemon.Store;

/// <summary>One daemon at a time has a state directory: two, with a node each, would take each other's changes for damage. An exclusive flock(2).</summary>
internal static class StateLock
{
    private const string Name = "lock";

    /// <returns>Its disposal ends it, and so does the end of the process.</returns>
    /// <exception cref="NodeBusyException">Another daemon has it.</exception>
    /// <exception cref="IOException">The directory cannot be made.</exception>
    public static IDisposable Take(string stateDirectory)
    {
        Directory.CreateDirectory(stateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
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
