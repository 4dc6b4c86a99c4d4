using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Linux.Rtnetlink;

namespace Dataplane.Integration.Linux;

public sealed class ChangeNoticesTests
{
    [Fact]
    public void Ones_own_tables_are_no_news_and_everybody_elses_are()
    {
        using var netns = Netns.CreateAnonymous();
        using var ours = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        using var theirs = NetlinkSocket.Open(NetlinkProtocol.Netfilter, netns);
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        using var notices = ChangeNotices.Open(netns, route, ours);
        Make(theirs, "before");
        Assert.Empty(Told(notices));
        notices.HearTables();
        // The kernel answers a transaction after it has sent all notices, so all of them have arrived.
        Make(ours, "ours");
        Assert.Empty(Told(notices));
        Make(theirs, "theirs");
        Assert.Equal([new ChangeNotice(ChangeKind.Tables)], Told(notices).Distinct());
        Assert.Empty(Told(notices));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_notice_says_where()
    {
        using var node = Netns.CreateAnonymous();
        using var pod = Netns.CreateAnonymous();
        using var ours = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        using var theirs = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, pod);
        using var rules = NetlinkSocket.Open(NetlinkProtocol.Netfilter, node);
        ours.Commit("make a pair", w =>
        {
            Links.SetUp(w, Links.Loopback);
            Links.AddVeth(w, new VethRequest("pod7", "eth0", pod) { Index = new(1007), PeerIndex = new(2) });
        });
        var number = Links.Dump(ours).Single(l => l.Index == new InterfaceIndex(1007)).PeerNamespace;
        Assert.NotNull(number);
        using var notices = ChangeNotices.Open(node, ours, rules);

        var (address, other, neighbour) = (System.Net.IPAddress.Parse("10.0.0.1"),
            System.Net.IPAddress.Parse("10.0.0.2"), System.Net.IPAddress.Parse("10.0.0.3"));
        ours.Commit("do as we like", w => Addresses.Add(w, new(1007), address, 32));
        Assert.DoesNotContain(Told(notices), n => n.Kind != ChangeKind.Route);
        theirs.Commit("tamper with an address", w => Addresses.Add(w, new(1007), other, 32));
        Assert.Contains(new ChangeNotice(ChangeKind.Address, null, new(1007)), Told(notices));
        theirs.Commit("tamper with a neighbour", w =>
            Neighbours.SetPermanent(
                w, new(1007), neighbour, Dataplane.Linux.Frames.MacAddress.Parse("02:00:00:00:00:09")));
        Assert.Contains(new ChangeNotice(ChangeKind.Neighbour, null, new(1007)), Told(notices));
        inside.Commit("tamper inside", w => Addresses.Add(w, new(2), other, 32));
        var told = Told(notices);
        Assert.Contains(new ChangeNotice(ChangeKind.Address, number, new(2)), told);
        Assert.All(told, n => Assert.Equal(number, n.Namespace));
        // Also for our own changes: the other end may have changed.
        ours.Commit("bring it up", w => Links.SetUp(w, new(1007)));
        Assert.Contains(new ChangeNotice(ChangeKind.Link, null, new(1007)), Told(notices));
        ThreadHome.AssertAllHome();
    }

    private static List<ChangeNotice> Told(ChangeNotices notices)
    {
        var told = new List<ChangeNotice>();
        notices.Wait(TimeSpan.Zero, told.Add);
        return told;
    }

    private static void Make(NetlinkSocket socket, string table)
    {
        using var batch = new NftBatch(socket);
        batch.NewTable(NftFamily.Inet, table, NftTableFlags.None);
        batch.Commit($"make table {table}");
    }
}
