using System.Net.Sockets;
using Dataplane.Linux.Files;
using Dataplane.Node.Live;
namespace Dataplane.Daemon.Host;

/// <summary>
/// The socket in the file system: its directory, what a dead daemon left there, and whom the modes let through. The modes are the
/// outer door; every connection is asked for its credentials too.
/// </summary>
internal static class SocketFile
{
    /// <summary>sizeof(sun_path) without its zero, linux/un.h.</summary>
    public const int MaxPath = 107;

    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <exception cref="NodeBusyException">A daemon listens there.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path) && IsAlive(path)) throw new NodeBusyException($"a daemon listens on {path} already");
    }

    /// <exception cref="OptionException">The directory is no place for a socket.</exception>
    /// <exception cref="NodeBusyException">A daemon listens there.</exception>
    public static void Prepare(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, Owner);
        else if ((File.GetUnixFileMode(directory) & Others) != 0)
            throw new OptionException($"socket: others than root can write to {directory}; choose a directory of its own");
        RequireFree(path);
        File.Delete(path);
    }

    /// <summary>After binding: until now only the owner could connect.</summary>
    public static void Open(string path, AccessPolicy policy)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        uint[] groups = [.. new[] { policy.AdminGroup, policy.ReadGroup }.OfType<uint>().Distinct()];
        var ours = Directory.GetFileSystemEntries(directory) is [_];
        switch (groups)
        {
            case []:
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                if (ours) File.SetUnixFileMode(directory, Owner);
                break;
            case [var group]:
                DurableDirectory.ChangeGroup(path, group);
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
                if (!ours) break;
                DurableDirectory.ChangeGroup(directory, group);
                File.SetUnixFileMode(directory, Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
                break;
            default:
                // A file has one group only: here the credentials alone decide.
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
                    | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
                if (ours) File.SetUnixFileMode(directory, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
                break;
        }
    }

    private static bool IsAlive(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
