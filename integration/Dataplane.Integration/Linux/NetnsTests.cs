using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;

namespace Dataplane.Integration.Linux;

public sealed class NetnsTests
{
    private static readonly string Prefix = $"dpt-{Environment.ProcessId}-";

    [Fact]
    public void Create_open_list_delete()
    {
        var name = Prefix + "a";
        using (var created = Netns.Create(name))
        using (var opened = Netns.Open(name))
        {
            Assert.Contains(name, Netns.List());
            Assert.Equal(name, opened.Name);
            Assert.Equal(Errno.EEXIST, Assert.Throws<LinuxException>(() => Netns.Create(name)).ErrorNumber);
            Assert.Contains(name, Netns.List());
        }

        Netns.Delete(name);
        Netns.Delete(name);
        Assert.DoesNotContain(name, Netns.List());
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => Netns.Open(name)).ErrorNumber);
        ThreadHome.AssertAllHome();
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void Names_that_are_no_file_name_are_refused(string name) =>
        Assert.Throws<ArgumentException>(() => Netns.Create(name));

    [Fact]
    public void A_job_that_throws_leaves_the_thread_at_home()
    {
        using var netns = Netns.CreateAnonymous();
        Assert.Throws<InvalidTimeZoneException>(() => netns.Run<int>(() => throw new InvalidTimeZoneException()));
        using var socket = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        ThreadHome.AssertAllHome();
    }
}
