using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Dataplane.Node.Layout;

namespace Dataplane.Node.Live;

/// <summary>
/// Lets one process at a time have a node open: an exclusive flock(2), which the kernel releases when the process ends,
/// however it ends.
/// </summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream _file;

    private NodeLock(FileStream file) => _file = file;

    /// <exception cref="NodeBusyException">Another process has the lock.</exception>
    public static NodeLock Take(string node)
    {
        Directory.CreateDirectory(RunName.LockDirectory,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = RunName.LockFile(node);
        while (true)
        {
            FileStream file;
            try
            {
                file = LockFile.Open(path);
            }
            catch (IOException e) when (e.HResult == Errno.EAGAIN)
            {
                throw new NodeBusyException($"node {node} is open in another process ({path} is locked)");
            }
            // Destroying a node deletes the file, so the file that was just locked may be deleted already.
            if (File.Exists(path)) return new NodeLock(file);
            file.Dispose();
        }
    }

    /// <summary>The names of nodes that a process has had open since the start of the machine.</summary>
    public static IReadOnlyList<string> Names() => !Directory.Exists(RunName.LockDirectory) ? [] :
    [
        .. Directory.GetFiles(RunName.LockDirectory, "*" + RunName.LockSuffix)
            .Select(path => Path.GetFileName(path)[..^RunName.LockSuffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether a process has the node open.</summary>
    public static bool IsHeld(string node)
    {
        try
        {
            new FileStream(RunName.LockFile(node), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException e) when (e.HResult == Errno.EAGAIN)
        {
            return true;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Deletes the lock file. Called when the node has been removed.</summary>
    public void Remove() => File.Delete(_file.Name);
}
