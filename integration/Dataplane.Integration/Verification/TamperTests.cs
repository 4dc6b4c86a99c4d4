using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Render;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Verification;

/// <summary>
/// A checker that cannot fail is worth nothing: the kernel is broken on purpose, through our own owner socket, and the
/// report must name the flows that changed and no others. What changes is worked out by hand from this picture: x/b
/// takes TCP 80 from x/a only; x/c sends TCP 80 to x/a only; outside is 172.17.5.9.
/// </summary>
public sealed class TamperTests
{
    private static readonly Probe Tcp80 = new(FlowProtocol.Tcp, 80), Tcp81 = new(FlowProtocol.Tcp, 81);
    private static readonly ExternalEndpoint Outside = new(System.Net.IPAddress.Parse("172.17.5.9"));

    [Fact]
    public void Nothing_is_wrong_before()
    {
        using var session = Open();
        Assert.Empty(Changed(session));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void An_element_that_is_missing_closes_its_flow()
    {
        using var session = Open();
        var set = Set(session, "ingress_port");
        Tamper(session, (NftBatch batch) =>
            NftNetlinkRenderer.Elements(batch, Inet(session), set, [set.Elements.First()], delete: true));
        Assert.Equal(Both("x/a -> x/b TCP 80 Denied"), Changed(session));
    }

    [Fact]
    public void An_element_too_many_opens_its_flow()
    {
        using var session = Open();
        var set = Set(session, "ingress_port");
        // The same pair, another port: mark, class id and protocol take four bytes each.
        var more = set.Elements.Select(e => new NftElement([.. e.Key[..12], 0, 81, 0, 0])).ToList();
        Tamper(session,
            (NftBatch batch) => NftNetlinkRenderer.Elements(batch, Inet(session), set, more, delete: false));
        Assert.Equal(Both("x/a -> x/b TCP 81 Allowed"), Changed(session));
        Tamper(session, (NftBatch batch) => NftNetlinkRenderer.Elements(batch, Inet(session), set, more, delete: true));
        Assert.Empty(Changed(session));
    }

    [Fact]
    public void Without_the_rule_that_finds_the_isolated_everything_may_enter()
    {
        using var session = Open();
        DeleteRule(session, "ingress_gate", "@ingress_isolated");
        Assert.Equal(
            Both("x/a -> x/b TCP 81 Allowed", "172.17.5.9 -> x/b TCP 80 Allowed", "172.17.5.9 -> x/b TCP 81 Allowed"),
            Changed(session));
    }

    [Fact]
    public void Without_the_rule_that_drops_whoever_was_not_allowed_leaves()
    {
        using var session = Open();
        DeleteRule(session, "egress", "drop");
        // What is let go at the end of that chain is not asked about its destination any more.
        Assert.Equal(Both("x/c -> x/a TCP 81 Allowed", "x/c -> x/b TCP 80 Allowed", "x/c -> x/b TCP 81 Allowed",
            "x/c -> 172.17.5.9 TCP 80 Allowed", "x/c -> 172.17.5.9 TCP 81 Allowed"), Changed(session));
    }

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void Addresses_swapped_at_the_ports_silence_both_pods(AddressFamily family)
    {
        using var session = Open();
        var (table, map) = (session.Programmer.Programmed()!.Bridge, Set(session, $"identity{Digit(family)}"));
        var (a, c) = (Of(map, "x/a"), Of(map, "x/c"));
        // The index and the padded MAC address come first, then the IP address.
        Tamper(session, (NftBatch batch) => Replace(batch, table, map, [a, c],
            [a with { Key = [.. a.Key[..12], .. c.Key[12..]] }, c with { Key = [.. c.Key[..12], .. a.Key[12..]] }]));
        Assert.Equal(In(family, "x/a -> x/a TCP 80 Denied", "x/a -> x/a TCP 81 Denied", "x/a -> x/b TCP 80 Denied",
            "x/a -> x/c TCP 80 Denied", "x/a -> x/c TCP 81 Denied",
            "x/a -> 172.17.5.9 TCP 80 Denied", "x/a -> 172.17.5.9 TCP 81 Denied",
            "x/c -> x/a TCP 80 Denied", "x/c -> x/c TCP 80 Denied", "x/c -> x/c TCP 81 Denied"), Changed(session));
    }

    [Fact]
    public void Subjects_swapped_swap_who_may_leave()
    {
        using var session = Open();
        var map = Set(session, "egress_subject4");
        var (a, c) = (OfAddress(map, session, "x/a"), OfAddress(map, session, "x/c"));
        Tamper(session, (NftBatch batch) =>
            Replace(batch, Inet(session), map, [a, c], [a with { Data = c.Data }, c with { Data = a.Data }]));
        // x/c may send to everybody now, but x/b takes nothing of it; x/a may send to itself and nobody else.
        Assert.Equal(In(AddressFamily.InterNetwork, "x/a -> x/b TCP 80 Denied", "x/a -> x/c TCP 80 Denied",
            "x/a -> x/c TCP 81 Denied",
            "x/a -> 172.17.5.9 TCP 80 Denied", "x/a -> 172.17.5.9 TCP 81 Denied",
            "x/c -> x/a TCP 81 Allowed", "x/c -> 172.17.5.9 TCP 80 Allowed",
            "x/c -> 172.17.5.9 TCP 81 Allowed"), Changed(session));
    }

    [Fact]
    public void Subjects_swapped_swap_who_may_be_entered()
    {
        using var session = Open();
        var map = Set(session, "ingress_subject4");
        var (a, b) = (OfAddress(map, session, "x/a"), OfAddress(map, session, "x/b"));
        Tamper(session, (NftBatch batch) =>
            Replace(batch, Inet(session), map, [a, b], [a with { Data = b.Data }, b with { Data = a.Data }]));
        Assert.Equal(In(AddressFamily.InterNetwork, "x/a -> x/b TCP 81 Allowed", "172.17.5.9 -> x/b TCP 80 Allowed",
            "172.17.5.9 -> x/b TCP 81 Allowed",
            "x/b -> x/a TCP 80 Denied", "x/b -> x/a TCP 81 Denied", "x/c -> x/a TCP 80 Denied",
            "172.17.5.9 -> x/a TCP 80 Denied", "172.17.5.9 -> x/a TCP 81 Denied"), Changed(session));
    }

    [Fact]
    public void Another_process_changes_nothing()
    {
        using var session = Open();
        Assert.SkipUnless(session.Programmer.IsOwner, "this kernel has no owned tables");
        var netns = session.Node.Netns.Name!;
        InNetns.Exec(netns, "nft", "add table inet other");
        InNetns.Exec(netns, "nft", "flush ruleset");
        Assert.DoesNotContain("other", InNetns.Exec(netns, "nft", "list tables"), StringComparison.Ordinal);
        foreach (var command in new[]
        {
            "delete element inet dataplane ingress_subject4 { 10.244.0.2 }",
            "add element inet dataplane ingress_subject4 { 10.244.0.99 : 1:1 }",
            "flush chain inet dataplane egress", "delete table bridge dataplane", "flush table inet dataplane",
        })
        {
            var refused = InNetns.Try(netns, "nft", command);
            Assert.True(refused.ExitCode != 0 && refused.Error.Contains("not permitted", StringComparison.Ordinal),
                $"{command}: {refused.ExitCode} {refused.Error}");
        }
        Assert.Empty(Changed(session));
        ThreadHome.AssertAllHome();
    }

    private delegate void BatchBuilder(NftBatch batch);

    private static NodeSession Open()
    {
        var lab = new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b").Pod("x/c", "app=c")
            .Policy("x/to-b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ["TCP 80"])])
            .Policy("x/from-c", "app=c", egress: [Rule.Of([Rule.Pods("app=a")], ["TCP 80"])]);
        return NodeSession.Open(lab.Cluster, NodeOptions.Default, [Outside]);
    }

    private static NftTable Inet(NodeSession session) => session.Programmer.Programmed()!.Inet;

    private static NftSet Set(NodeSession session, string name) =>
        session.Programmer.Programmed()!.Tables.SelectMany(t => t.Sets).Single(s => s.Name == name);

    private static NftElement Of(NftSet identities, string pod) => identities.Elements.Single(e => e.Comment == pod);

    private static NftElement OfAddress(NftSet map, NodeSession session, string pod) =>
        map.Elements.Single(e => e.Key.AsSpan().SequenceEqual(
            session.Node.Attachments.Single(a => a.Endpoint?.Name == pod).Addresses.Single(a =>
                a.AddressFamily == AddressFamily.InterNetwork).GetAddressBytes()));

    private static void Tamper(NodeSession session, BatchBuilder build)
    {
        using var batch = new NftBatch(session.Programmer.Socket);
        build(batch);
        batch.Commit("break the ruleset");
    }

    private static void Replace(NftBatch batch, NftTable table, NftSet set, NftElement[] old, NftElement[] now)
    {
        NftNetlinkRenderer.Elements(batch, table, set, old, delete: true);
        NftNetlinkRenderer.Elements(batch, table, set, now, delete: false);
    }

    /// <summary>Deletes the only rule of a chain whose text contains <paramref name="text"/>.</summary>
    private static void DeleteRule(NodeSession session, string chain, string text)
    {
        var table = Inet(session);
        var rules = table.Chains.Single(c => c.Name == chain).Rules;
        var index = rules.Index()
            .Single(r => r.Item.Statements.Any(s => s.Text.Contains(text, StringComparison.Ordinal))).Index;
        var handle = NftRules.Dump(session.Programmer.Socket, table.Family, table.Name)
            .Where(r => r.Chain == chain)
            .ElementAt(index).Handle;
        Tamper(session, (NftBatch batch) => batch.DeleteRule(table.Family, table.Name, chain, handle));
    }

    /// <summary>The flows that do not do what the policies say.</summary>
    private static SortedSet<string> Changed(NodeSession session)
    {
        var report = session.Probe([Tcp80, Tcp81]);
        Assert.Null(report.ControlFailure);
        Assert.Equal(0, report.Undecided);
        ThreadHome.AssertAllHome();
        return [.. report.Flows.Where(f => !f.Agrees)
            .Select(f => $"{f.Flow.From.Name} -> {f.Flow.To.Name} {f.Flow.Probe} {f.Measured} {f.Flow.Family.Text()}")];
    }

    private static string Digit(AddressFamily family) => family == AddressFamily.InterNetwork ? "4" : "6";

    private static SortedSet<string> Both(params string[] flows) =>
        [.. AddressFamilies.All.SelectMany(family => In(family, flows))];

    /// <summary>The one external has only IPv4.</summary>
    private static SortedSet<string> In(AddressFamily family, params string[] flows) =>
        [.. flows
            .Where(f => family == AddressFamily.InterNetwork || !f.Contains(Outside.Name, StringComparison.Ordinal))
            .Select(f => $"{f} {family.Text()}")];
}
