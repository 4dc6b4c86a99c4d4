using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Host;
using Dataplane.Node.Live;

namespace Dataplane.Daemon.Tests.Host;

public sealed class SocketFileTests : IDisposable
{
    private readonly TempDirectory _directory = TempDirectory.InMemory();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_new_directory_is_the_owners_alone()
    {
        SocketFile.Prepare(_directory["new/s"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(_directory["new"]));
    }

    [Fact]
    public void What_a_dead_daemon_left_is_replaced()
    {
        var path = _directory["s"];
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(_directory["bound"]));
            // Closing removes the name that was bound.
            File.Move(_directory["bound"], path);
        }
        Assert.True(File.Exists(path));
        // The first exec of the new daemon says again what it is.
        File.WriteAllText(path + ApiPaths.ToldSuffix, "");
        SocketFile.Prepare(path);
        Assert.Empty(Directory.GetFiles(_directory.Path));
        File.WriteAllText(path + ApiPaths.ToldSuffix, "");
        SocketFile.Close(path);
        SocketFile.Close(path);
        Assert.Empty(Directory.GetFiles(_directory.Path));
    }

    [Theory]
    [InlineData("file", "file exists and is no socket; choose another path")]
    [InlineData("directory", "directory exists and is no socket; choose another path")]
    [InlineData("file/s", "file is no directory")]
    [InlineData("file/deeper/s", "file is no directory")]
    public void What_is_no_socket_stays_and_is_refused_before_anything_is_made(string path, string words)
    {
        File.WriteAllText(_directory["file"], "mine");
        Directory.CreateDirectory(_directory["directory"]);
        foreach (var check in (Action<string>[])[SocketFile.Require, SocketFile.Prepare])
        {
            var refused = Assert.Throws<OptionException>(() => check(_directory[path]));
            Assert.EndsWith(words, refused.Message, StringComparison.Ordinal);
        }
        Assert.Equal("mine", File.ReadAllText(_directory["file"]));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory.Path).Length);
    }

    /// <summary>The default socket lies among the locks of nodes.</summary>
    [Fact]
    public void A_group_gets_to_a_socket_beside_locks_and_not_to_one_beside_other_files()
    {
        const UnixFileMode Search = UnixFileMode.GroupExecute;
        File.WriteAllText(_directory["s"], "");
        File.WriteAllText(_directory["node.lock"], "");
        var group = new AccessPolicy(AdminGroup: null, ReadGroup: PeerCredentials.OwnUid);
        Assert.Null(SocketFile.Open(_directory["s"], group));
        Assert.Equal(Search, File.GetUnixFileMode(_directory.Path) & Search);
        Assert.Null(SocketFile.Open(_directory["s"], new AccessPolicy(null, null)));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_directory.Path) & Search);
        File.WriteAllText(_directory["other"], "");
        Assert.Contains("holds other files", SocketFile.Open(_directory["s"], group), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_directory.Path) & Search);
    }

    [Fact]
    public void Checking_makes_nothing()
    {
        SocketFile.Require(_directory["new/deeper/s"]);
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
    }

    [Fact]
    public void A_socket_that_somebody_listens_on_is_left_alone()
    {
        var path = _directory["s"];
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Assert.Contains("a daemon listens", Assert.Throws<NodeBusyException>(() => SocketFile.Prepare(path)).Message,
            StringComparison.Ordinal);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_directory_that_others_can_write_to_is_no_place_for_a_socket()
    {
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0x1ff);
        Assert.Contains("others", Assert.Throws<OptionException>(() => SocketFile.Prepare(_directory["s"])).Message,
            StringComparison.Ordinal);
    }
}
