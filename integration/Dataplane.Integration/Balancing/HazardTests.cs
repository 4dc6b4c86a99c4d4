using System.Net;
using System.Net.Sockets;
using Dataplane.Services.Tables;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Balancing;

/// <summary>Many backends, many clients, and those who mean harm.</summary>
public sealed class HazardTests
{
    private const AddressFamily Four = AddressFamily.InterNetwork, Six = AddressFamily.InterNetworkV6;
    private const int MostClients = 65_536;

    public static TheoryData<AddressFamily> Families => [Four, Six];

    private static string Virtual(AddressFamily family) => family == Four ? "10.96.0.10" : "fd00:10:96::a";

    private static string Suffix(AddressFamily family) => family == Four ? "4" : "6";

    private static ServiceTable Sticky(AddressFamily family) => new ServiceLab()
        .Pool(family, [.. new[] { 3, 4, 5 }.Select(p => At(family, p, 8080))], affinity: 10_800)
        .At($"TCP 80 {Virtual(family)}").At($"UDP 80 {Virtual(family)}").Address(Virtual(family)).Table;

    private static string At(AddressFamily family, int pod, int port) =>
        family == Four ? $"10.244.0.{pod}:{port}" : $"[fd00:10:244::{pod}]:{port}";

    [Theory]
    [MemberData(nameof(Families))]
    public void Of_a_pool_without_a_rule_for_its_size_every_backend_gets_its_share(AddressFamily family)
    {
        const int First = 8080, Backends = 40, Each = 50;
        var table = new ServiceLab().Pool(family, [.. Enumerable.Range(First, Backends).Select(p => At(family, 3, p))])
            .At($"UDP 80 {Virtual(family)}").Address(Virtual(family)).Table;
        using var net = new ServiceNet(table);
        var answering = new List<Answering>();
        try
        {
            foreach (var port in Enumerable.Range(First, Backends))
                answering.Add(new Answering(net.NetnsOf("x/b"), net.AddressOf("x/b", family), port, $"{port}"));
            var shares = Enumerable.Range(0, Backends * Each)
                .Select(_ => net.Ask("x/a", Virtual(family), 80, ProtocolType.Udp)).CountBy(a => a.Split(' ')[0])
                .ToDictionary();
            Assert.Equal(Enumerable.Range(First, Backends).Select(p => $"{p}").Order(StringComparer.Ordinal),
                shares.Keys.Order(StringComparer.Ordinal));
            // A deviation of 7: five of them.
            Assert.All(shares, share => Assert.InRange(share.Value, Each - 35, Each + 35));
        }
        finally
        {
            foreach (var one in answering) one.Dispose();
        }
    }

    /// <summary>What was chosen is in the connection table, whether something listens there or not.</summary>
    [Fact]
    public void Of_more_than_a_thousand_backends_every_one_is_chosen()
    {
        const int First = 8080, Backends = 1_100, FirstPort = 20_000, Each = 7_000;
        using var net = new ServiceNet(
            new ServiceLab().Pool(Four, [.. Enumerable.Range(First, Backends).Select(p => At(Four, 3, p))])
                .At($"UDP 80 {Virtual(Four)}").Address(Virtual(Four)).Table);
        var end = new IPEndPoint(IPAddress.Parse(Virtual(Four)), 80);
        foreach (var who in (string[])["x/a", "x/c", "x/d"])
        {
            var (netns, address) = (net.NetnsOf(who), net.AddressOf(who, Four));
            for (var i = 0; i < Each; i++)
            {
                using var socket = PodSocket.Open(netns, address, SocketType.Dgram, ProtocolType.Udp);
                socket.Bind(new IPEndPoint(address, FirstPort + i));
                socket.SendTo("?"u8, end);
            }
        }
        Assert.Equal(Enumerable.Range(First, Backends), net.Lab.Connections()
            .Where(c => c.Original.DestinationPort == end.Port).Select(c => (int)c.Ends.DestinationPort).Distinct()
            .Order());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Where_no_more_clients_are_remembered_the_next_is_chosen_a_backend_each_time(AddressFamily family)
    {
        using var net = new ServiceNet(Sticky(family), owned: false).Serve("x/b", "x/c", "x/d");
        var map = $"affinity{Suffix(family)}";
        var file = Path.GetTempFileName();
        try
        {
            var clients = Enumerable.Range(0, MostClients).Select(i => family == Four
                ? $"0x1 . 10.99.{i >> 8}.{i & 0xff} timeout 3h : 0:99" : $"0x1 . fd99::{i:x} timeout 3h : 0:99");
            File.WriteAllText(file, $"add element inet dataplane {map} {{ {string.Join(",\n", clients)} }}\n");
            net.Lab.Exec("nft", $"-f {file}");
        }
        finally
        {
            File.Delete(file);
        }
        var a = net.AddressOf("x/a", family);
        var heard = Enumerable.Range(0, 24).Select(_ => net.Ask("x/a", Virtual(family), 80)).ToHashSet();
        Assert.All(heard, answer => Assert.Contains(answer, new[] { $"x/b to {a}", $"x/c to {a}", $"x/d to {a}" }));
        Assert.True(heard.Count > 1);
        Assert.DoesNotContain($". {a} ", net.Lab.Exec("nft", $"list map inet dataplane {map}"),
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_pod_does_not_choose_for_another_client(AddressFamily family)
    {
        using var net = new ServiceNet(Sticky(family)).Serve("x/b");
        var (victim, forger) = (net.AddressOf("x/a", family), net.Lab.Pod("x/c").NetnsName!);
        InNetns.Exec(forger, "ip", $"addr add {victim}/{(family == Four ? 32 : 128)} dev lo");
        InNetns.Exec(forger, "ip", "link set lo up");
        Assert.NotNull(net.Log);
        using var socket = net.Open("x/c", family, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(victim, 0));
        socket.SendTo("?"u8, new IPEndPoint(IPAddress.Parse(Virtual(family)), 80));
        Assert.Equal("spoof", net.NextDrop());
        var map = $"list map inet dataplane affinity{Suffix(family)}";
        Assert.DoesNotContain("expires", net.Lab.Exec("nft", map), StringComparison.Ordinal);
        // A client of its own is remembered, whoever answers it: no backend has its address any more.
        InNetns.Exec(forger, "ip", $"addr del {victim}/{(family == Four ? 32 : 128)} dev lo");
        net.Serve("x/c", "x/d").Ask("x/a", Virtual(family), 80);
        Assert.Contains($". {victim} ", net.Lab.Exec("nft", map), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("delete element inet dataplane slot { 0x1 . 0:0 }")]
    [InlineData("add element inet dataplane affinity4 { 0x1 . 10.244.0.2 timeout 3h : 0:99 }")]
    [InlineData("flush map inet dataplane frontend4")]
    [InlineData("delete table inet dataplane")]
    public void Nobody_in_the_nodes_namespace_changes_the_maps_of_Services(string change)
    {
        using var net = new ServiceNet(Sticky(Four)).Serve("x/b", "x/c", "x/d");
        var first = net.Ask("x/a", Virtual(Four), 80);
        var refused = Assert.ThrowsAny<Exception>(() => net.Lab.Exec("nft", change));
        Assert.Contains("Operation not permitted", refused.Message, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(first, net.Ask("x/a", Virtual(Four), 80)));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Services_come_back_with_tables_that_were_lost(AddressFamily family)
    {
        using var net = new ServiceNet(Sticky(family), owned: false).Serve("x/b", "x/c", "x/d");
        net.Lab.Exec("nft", "delete table inet dataplane");
        Assert.Contains(net.Lab.Node.Repair(), repair => repair.What == "ruleset");
        var first = net.Ask("x/a", Virtual(family), 80);
        Assert.StartsWith("x/", first, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(first, net.Ask("x/a", Virtual(family), 80)));
    }
}
