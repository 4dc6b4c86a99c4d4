using System.Net.Sockets;
using Dataplane.Daemon.Host;
namespace Dataplane.Daemon.Tests.Host;

public sealed class AccessTests
{
    private const uint Admins = 100, Readers = 200, Nobody = 65534;

    /// <summary>The uid of the test itself may be any, also root's: the tests ask about other uids.</summary>
    private const uint Somebody = 4242;

    [Theory]
    [InlineData(0u, 0u, new uint[] { }, "Everything")]
    [InlineData(Somebody, Nobody, new uint[] { }, "None")]
    [InlineData(Somebody, Admins, new uint[] { }, "Everything")]
    [InlineData(Somebody, Nobody, new uint[] { 7, Admins }, "Everything")]
    [InlineData(Somebody, Readers, new uint[] { }, "Read")]
    [InlineData(Somebody, Nobody, new uint[] { Readers }, "Read")]
    [InlineData(Somebody, Readers, new uint[] { Admins }, "Everything")]
    [InlineData(Somebody, 0u, new uint[] { 0 }, "None")]
    public void Groups_decide_and_root_may_everything(uint uid, uint gid, uint[] groups, string access) =>
        Assert.Equal(access, new AccessPolicy(Admins, Readers).Of(new PeerCredentials(1, uid, gid, groups)).ToString());

    [Fact]
    public void Without_configured_groups_nobody_else_may_anything() =>
        Assert.Equal(Access.None, new AccessPolicy(null, null).Of(new PeerCredentials(1, Somebody, Admins, [Readers])));

    [Fact]
    public async Task The_kernel_says_who_connected()
    {
        using var directory = TempDirectory.InMemory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(directory["s"]));
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(directory["s"]), TestContext.Current.CancellationToken);
        using var accepted = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        var peer = PeerCredentials.Of(accepted);
        Assert.Equal((Environment.ProcessId, PeerCredentials.OwnUid), (peer.ProcessId, peer.Uid));
        var groups = File.ReadLines("/proc/self/status")
            .First(l => l.StartsWith("Groups:", StringComparison.Ordinal))[7..].Split((char[])[' ', '\t'],
                StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(groups.Select(uint.Parse).Order(), peer.Groups.Order());
    }
}
