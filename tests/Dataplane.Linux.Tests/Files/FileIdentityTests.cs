using System.Net.Sockets;
using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Tests.Files;

public sealed class FileIdentityTests
{
    private const int EBADF = 9;

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/proc/self/status")]
    [InlineData(null)]
    public void It_is_what_stat_says(string? path)
    {
        using var directory = new TempDirectory();
        path ??= directory.Write("file", "");
        using var file = File.OpenHandle(path);
        // Of a file that only this process has, by way of its own descriptor.
        var stat = Tool.Run("stat", "-Lc", "%d:%i", $"/proc/{Environment.ProcessId}/fd/{file.DangerousGetHandle()}");
        Assert.Equal(stat.Succeeded().Trim(), FileIdentity.Of(file).ToString());
    }

    [Fact]
    public void Sockets_have_one_too()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var (one, two) = (FileIdentity.Of(socket.SafeHandle), FileIdentity.Of(other.SafeHandle));
        Assert.Equal($"socket:[{one.Inode}]", File.ResolveLinkTarget($"/proc/self/fd/{socket.Handle}", false)!.Name);
        Assert.Equal(one.Device, two.Device);
        Assert.NotEqual(one.Inode, two.Inode);
    }

    [Fact]
    public void What_is_not_open_has_none()
    {
        using var closed = new SafeFileHandle(1_000_000, ownsHandle: false);
        Assert.Equal(EBADF, Assert.Throws<LinuxException>(() => FileIdentity.Of(closed)).ErrorNumber);
    }
}
