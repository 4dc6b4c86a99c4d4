using System.Net;
using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Services.Tables;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Balancing;

/// <summary>
/// What becomes of connections and of remembered clients when Services, policies and processes change.
/// </summary>
public sealed class LifeTests
{
    private const AddressFamily Four = AddressFamily.InterNetwork, Six = AddressFamily.InterNetworkV6;

    public static TheoryData<AddressFamily> Families => [Four, Six];

    private static string Virtual(AddressFamily family) => family == Four ? "10.96.0.10" : "fd00:10:96::a";

    private static ServiceTable Web(AddressFamily family, int? affinity, params int[] pods) => new ServiceLab()
        .Pool(family, [.. pods.Select(p => family == Four ? $"10.244.0.{p}:8080" : $"[fd00:10:244::{p}]:8080")],
            affinity)
        .At($"TCP 80 {Virtual(family)}").At($"UDP 80 {Virtual(family)}").At("TCP 30080").Address(Virtual(family)).Table;

    [Theory]
    [MemberData(nameof(Families))]
    public void What_denies_a_connection_through_a_Service_ends_it_and_nothing_else_does(AddressFamily family)
    {
        var pods = ServiceNet.Pods();
        using var net = new ServiceNet(Web(family, null, 3), pods);
        using var talk = Open(net, family);
        talk.BothWays();
        var other = ServiceNet.Pods().Policy("x/d", "app=d", ingress: []);
        var change = net.Apply(Web(family, null, 3), other);
        Assert.True(change.Tightened);
        Assert.Empty(change.Cut);
        talk.BothWays();
        var theirs = ServiceNet.Pods().Policy("x/b", "app=b", ingress: []);
        var cut = Assert.Single(net.Apply(Web(family, null, 3), theirs).Cut);
        Assert.Equal(("x/a", "x/b", 8080), (cut.From, cut.To, cut.Tuple.DestinationPort));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_narrower_source_range_ends_what_it_keeps_out_and_nothing_else(AddressFamily family)
    {
        var (outside, bits) = (ServiceNet.OutsideAddress(family).ToString(), family == Four ? 32 : 128);
        var pods = family == Four ? "10.244.0.0/16" : "fd00:10:244::/64";
        var balancer = family == Four ? "203.0.113.7" : "2001:db8:9::7";
        using var net = new ServiceNet(null);
        net.Apply(With(pods, $"{outside}/{bits}"));
        using var theirs = new ServiceTalk(net, family, balancer, ServiceNet.Outside);
        using var ours = new ServiceTalk(net, family, balancer);
        using var other = new ServiceTalk(net, family, Virtual(family));
        BothWays(theirs, ours, other);
        // A range more, and one that stays, end nothing.
        var more = family == Four ? "192.0.2.0/24" : "2001:db8:5::/64";
        Assert.Empty(net.Apply(With(pods, $"{outside}/{bits}", more)).Cut);
        BothWays(theirs, ours, other);
        var cut = Assert.Single(net.Apply(With(pods)).Cut);
        Assert.Equal((outside, "x/b", 8080), (cut.From, cut.To, cut.Tuple.DestinationPort));
        BothWays(ours, other);
        Assert.DoesNotContain(net.Lab.Connections(), c => c.Original.Source.ToString() == outside);
        Assert.Equal("service-source", net.WhyDropped(ServiceNet.Outside, balancer, 80));

        Cluster With(params string[] ranges) => ServiceNet.Pods().Cluster with
        {
            Services =
            [
                PlacedService.AsAsked(new ServiceObject("x", "web", Selector.Labels(""), Selector.Nowhere)
                {
                    Type = ServiceType.LoadBalancer,
                    Selector = Selector.Labels("app=b"),
                    Families = [family],
                    Addresses = [IPAddress.Parse(Virtual(family))],
                    LoadBalancerAddresses = [IPAddress.Parse(balancer)],
                    SourceRanges = [.. ranges.Select(IPNetwork.Parse)],
                    Ports = [new ServicePort(null, TransportProtocol.Tcp, 80, 8080, null, null, Selector.Nowhere)],
                }),
            ],
        };

        static void BothWays(params ServiceTalk[] talks)
        {
            foreach (var talk in talks) talk.BothWays();
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_connection_through_a_Service_outlives_the_process_and_its_backends_place(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, null, 3), ServiceNet.Pods());
        using var talk = Open(net, family);
        talk.BothWays();
        Assert.Empty(net.Reopen(Web(family, null, 3)).Cut);
        talk.BothWays();
        net.Serve("x/c").Apply(Web(family, null, 4));
        talk.BothWays();
        Assert.Equal($"x/c to {net.AddressOf("x/a", family)}", net.Ask("x/a", Virtual(family), 80));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_client_keeps_its_backend_over_ports_processes_and_others_until_it_goes(AddressFamily family)
    {
        var table = Web(family, 10_800, 3, 4, 5);
        using var net = new ServiceNet(table).Serve("x/b", "x/c", "x/d");
        var (first, host) = (Ask("x/a"), Ask(ServiceNet.Outside));
        AssertKept();
        net.Reopen(table);
        AssertKept();

        int[] left = [.. new[] { 3, 4, 5 }.Where(p => $"x/{(char)('a' + p - 2)}" != first)];
        net.Apply(Web(family, 10_800, left));
        var second = Ask("x/a");
        Assert.Contains(second, left.Select(p => $"x/{(char)('a' + p - 2)}"));
        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(second, Ask("x/a")));

        void AssertKept()
        {
            for (var i = 0; i < 8; i++) Assert.Equal((first, host), (Ask("x/a"), Ask(ServiceNet.Outside)));
        }

        string Ask(string who) => net.Ask(who, who == ServiceNet.Outside ? ServiceNet.NodeAddress(family).ToString()
            : Virtual(family), who == ServiceNet.Outside ? 30080 : 80).Split(' ')[0];
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_client_that_stays_away_is_forgotten(AddressFamily family)
    {
        var map = family == Four ? "affinity4" : "affinity6";
        using var net = new ServiceNet(Web(family, 1, 3, 4)).Serve("x/b", "x/c");
        Assert.EndsWith($"to {net.AddressOf("x/a", family)}", net.Ask("x/a", Virtual(family), 80),
            StringComparison.Ordinal);
        Assert.True(SpinWait.SpinUntil(() => !net.Lab.Exec("nft", $"list map inet dataplane {map}")
            .Contains("expires", StringComparison.Ordinal), PodSocket.Patience));
        // The key is the true source and the pool, and the data is what answered.
        var answered = net.Ask("x/a", Virtual(family), 80).Split(' ')[0];
        Assert.Contains($"0x00000001 . {net.AddressOf("x/a", family)} ",
            net.Lab.Exec("nft", $"list map inet dataplane {map}"), StringComparison.Ordinal);
        Assert.Contains(answered, new[] { "x/b", "x/c" });
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Datagrams_to_a_backend_that_has_gone_go_to_one_that_serves(AddressFamily family)
    {
        using var net = new ServiceNet(Web(family, null, 3)).Serve("x/b", "x/c");
        var target = IPAddress.Parse(Virtual(family));
        Assert.StartsWith("x/b ", net.AskAgain("x/a", Virtual(family), 80), StringComparison.Ordinal);
        net.Apply(Web(family, null, 4));
        Assert.StartsWith("x/c ", net.AskAgain("x/a", Virtual(family), 80), StringComparison.Ordinal);
        // Not at a start: what another process has enforced is no change.
        var entry = Assert.Single(net.Lab.Connections(), c => c.Original.Protocol == 17
            && c.Original.Destination.Equals(target));
        net.Reopen(Web(family, null, 4));
        Assert.Contains(net.Lab.Connections(), c => c.Id == entry.Id);
        // Without anybody it is refused, and without the Service the flow has ended.
        net.Apply(Web(family, null));
        Assert.Equal("refused", net.AskAgain("x/a", Virtual(family), 80));
        net.Apply(Web(family, null, 4));
        Assert.StartsWith("x/c ", net.AskAgain("x/a", Virtual(family), 80), StringComparison.Ordinal);
        net.Apply(ServiceTable.Empty);
        Assert.DoesNotContain(net.Lab.Connections(), c => c.Original.Destination.Equals(target)
            && c.Original.Protocol == 17);
        Assert.Equal("no-pod", net.WhyDropped("x/a", Virtual(family), 80, ProtocolType.Udp));
    }

    [Theory]
    [InlineData("delete element inet dataplane slot { 0x1 . 0:0 }", "slot")]
    [InlineData("add element inet dataplane backend4 { 0:99 : 10.244.0.5 . 8080 }", "backend4")]
    [InlineData("delete element inet dataplane frontend4 { 10.96.0.10 . tcp . 80 }", "frontend4")]
    public void What_others_do_to_the_maps_of_Services_is_mended_and_clients_stay(string change, string set)
    {
        var table = Web(Four, 10_800, 3, 4, 5);
        using var net = new ServiceNet(table, owned: false).Serve("x/b", "x/c", "x/d");
        var first = net.Ask("x/a", Virtual(Four), 80);
        net.Lab.Exec("nft", change);
        var sets = net.Lab.Node.Programmer.Programmed()!.Tables.Sum(t => t.Sets.Count);
        Assert.Contains(Enumerable.Range(0, sets).Select(_ => net.Lab.Node.Programmer.Check()).OfType<string>(),
            found => found.StartsWith($"set {set} of table inet dataplane", StringComparison.Ordinal));
        Assert.Contains(net.Lab.Node.Repair(), repair => repair.What == "ruleset");
        Assert.All(Enumerable.Range(0, sets), _ => Assert.Null(net.Lab.Node.Programmer.Check()));
        Assert.All(Enumerable.Range(0, 8), _ => Assert.Equal(first, net.Ask("x/a", Virtual(Four), 80)));
    }

    [Fact]
    public void Services_come_and_go_and_other_timeouts_too()
    {
        using var net = new ServiceNet(ServiceTable.Empty).Serve("x/b");
        Assert.DoesNotContain("type nat", net.Lab.Exec("nft", "list table inet dataplane"), StringComparison.Ordinal);
        foreach (var table in new[] { Web(Four, null, 3), Web(Six, 20, 3), Web(Four, 10, 3) })
        {
            net.Apply(table);
            var family = table.Pools[0].Family;
            Assert.Equal($"x/b to {net.AddressOf("x/a", family)}", net.Ask("x/a", Virtual(family), 80));
            Assert.Null(net.Lab.Node.Programmer.Check());
        }
        // The next process finds Services that are no more.
        net.Reopen(ServiceTable.Empty);
        Assert.DoesNotContain("type nat", net.Lab.Exec("nft", "list table inet dataplane"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_route_to_Services_is_mended()
    {
        using var net = new ServiceNet(Web(Four, null, 3)).Serve("x/b");
        net.Lab.Exec("ip", "route del 10.96.0.0/16");
        Assert.Contains(net.Lab.Node.Repair(), r => r.What.Contains("10.96.0.0/16", StringComparison.Ordinal));
        Assert.StartsWith("x/b to ", net.Ask(ServiceNet.Node, Virtual(Four), 80), StringComparison.Ordinal);
    }

    /// <summary>From x/a, by the Service, to a program in x/b.</summary>
    private static ServiceTalk Open(ServiceNet net, AddressFamily family) => new(net, family, Virtual(family));

    private sealed class ServiceTalk : IDisposable
    {
        private readonly Socket _client, _server;

        public ServiceTalk(ServiceNet net, AddressFamily family, string service, string who = "x/a")
        {
            using var listener = net.Open("x/b", family, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(net.AddressOf("x/b", family), 8080));
            listener.Listen();
            _client = net.Open(who, family, ProtocolType.Tcp);
            _client.Connect(IPAddress.Parse(service), 80);
            _server = listener.Accept();
            _server.ReceiveTimeout = PodSocket.Patience;
        }

        public void BothWays()
        {
            _client.Send("to"u8);
            Assert.Equal("to"u8.ToArray(), Talk.Receive(_server));
            _server.Send("fro"u8);
            Assert.Equal("fro"u8.ToArray(), Talk.Receive(_client));
        }

        public void Dispose()
        {
            _client.Dispose();
            _server.Dispose();
        }
    }
}
