using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;

namespace Dataplane.Integration.Linux;

public sealed class ChangeNoticesTests
{
    [Fact]
    public void Ones_own_tables_are_no_news_and_everybody_elses_are()
    {
        using var netns = Netns.CreateAnonymous();
        using var ours = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        using var theirs = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        using var notices = ChangeNotices.Open(netns, ours);
        // The kernel answers a transaction after it has told everybody: what there is to hear has come.
        Make(ours, "ours");
        Assert.False(notices.Wait(TimeSpan.Zero));
        Make(theirs, "theirs");
        Assert.True(notices.Wait(TimeSpan.Zero));
        Assert.False(notices.Wait(TimeSpan.Zero));
        ThreadHome.AssertAllHome();
    }

    private static void Make(NetlinkSocket socket, string table)
    {
        var batch = new NftBatch(socket);
        try
        {
            batch.NewTable(NftFamily.Inet, table, NftTableFlags.None);
            batch.Commit(socket, $"make table {table}");
        }
        finally
        {
            batch.Dispose();
        }
    }
}
