using Dataplane.Node.Layout;

namespace Dataplane.Node.Live;

/// <summary>
/// One process at a time has a node open: an exclusive flock(2), which the kernel frees when the process is gone,
/// however it went.
/// </summary>
internal sealed class NodeLock : IDisposable
{
    private readonly FileStream _file;

    private NodeLock(FileStream file) => _file = file;

    /// <exception cref="NodeBusyException">Somebody has it.</exception>
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
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (DirectoryNotFoundException or PathTooLongException))
            {
                throw new NodeBusyException($"node {node} is open in another process ({path} is locked)");
            }
            // Whoever destroys a node removes the file: what we have locked may be nobody's any more.
            if (File.Exists(path)) return new NodeLock(file);
            file.Dispose();
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The node is gone.</summary>
    public void Remove() => File.Delete(_file.Name);
}
