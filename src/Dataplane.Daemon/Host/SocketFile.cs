using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Daemon.Configuration;
using Dataplane.Linux.Files;
using Dataplane.Node.Live;

namespace Dataplane.Daemon.Host;

/// <summary>
/// The socket in the file system: its directory, the file that a dead daemon left, and the modes. The modes are the
/// first check; every connection's credentials are checked too.
/// </summary>
internal static class SocketFile
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OwnerMayConnect = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode GroupMayConnect = OwnerMayConnect | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>
    /// Checks that a socket can be made there, and makes nothing: a daemon that nobody could reach must not make a node
    /// first.
    /// </summary>
    /// <exception cref="OptionException">The path is no place for a socket.</exception>
    /// <exception cref="NodeBusyException">A daemon listens there.</exception>
    /// <exception cref="IOException">Nothing can be made there.</exception>
    public static void Require(string path)
    {
        var directory = new DirectoryInfo(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (directory.Exists && (directory.UnixFileMode & Others) != 0)
        {
            throw new OptionException(
                $"socket: others than root can write to {directory}; choose a directory of its own");
        }
        RequireFree(path);
        while (!directory.Exists)
        {
            if (File.Exists(directory.FullName))
                throw new OptionException($"socket: {directory} is no directory");
            directory = directory.Parent!;
        }
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose,
        };
        try
        {
            new FileStream(Path.Combine(directory.FullName, $".dataplane-{Guid.NewGuid():N}"), options).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"socket: nothing can be made in {directory}: {e.Message}", e);
        }
    }

    /// <summary>Makes the directory and removes the file of a dead daemon; before binding.</summary>
    /// <exception cref="OptionException">The path is no place for a socket.</exception>
    /// <exception cref="NodeBusyException">A daemon listens there.</exception>
    public static void Prepare(string path)
    {
        Require(path);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!, Owner);
        File.Delete(path);
        File.Delete(path + ApiPaths.ToldSuffix);
    }

    /// <summary>Removes what clients have left beside the socket, which the server removes itself.</summary>
    public static void Close(string path)
    {
        if (File.Exists(path + ApiPaths.ToldSuffix)) File.Delete(path + ApiPaths.ToldSuffix);
    }

    /// <summary>
    /// Sets the modes after binding: until now only the owner could connect. Those of the directory too, unless it
    /// holds what is not this daemon's; locks of nodes, which are their owner's alone, may be there.
    /// </summary>
    /// <returns>Why members of a group cannot reach the socket; null: they can, or there is none.</returns>
    public static string? Open(string path, AccessPolicy policy)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        uint[] groups = [.. new[] { policy.AdminGroup, policy.ReadGroup }.OfType<uint>().Distinct()];
        var isOurs = Directory.GetFileSystemEntries(directory).All(
            e => e == path || e == path + ApiPaths.ToldSuffix || LiveNode.IsLock(e));
        switch (groups)
        {
            case []:
                File.SetUnixFileMode(path, OwnerMayConnect);
                if (isOurs) File.SetUnixFileMode(directory, Owner);
                return null;
            case [var group]:
                DurableDirectory.ChangeGroup(path, group);
                File.SetUnixFileMode(path, GroupMayConnect);
                if (!isOurs) break;
                DurableDirectory.ChangeGroup(directory, group);
                File.SetUnixFileMode(directory, Owner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute);
                break;
            default:
                // A file has only one group: with two, the credentials alone decide.
                File.SetUnixFileMode(path, GroupMayConnect | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
                if (!isOurs) break;
                File.SetUnixFileMode(directory, Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
                break;
        }
        return isOurs || (File.GetUnixFileMode(directory) & UnixFileMode.OtherExecute) != 0 ? null
            : $"{directory} holds other files, and keeps its mode and group: the groups may not get through to {path}";
    }

    private static void RequireFree(string path)
    {
        if (!Path.Exists(path)) return;
        // Whatever else is there belongs to somebody.
        if (!FileType.IsSocket(path))
            throw new OptionException($"socket: {path} exists and is no socket; choose another path");
        if (IsAlive(path)) throw new NodeBusyException($"a daemon listens on {path} already");
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
