using System.Net.Sockets;
using Dataplane.Integration.Closed;
using Dataplane.Linux.Nflog;
using Dataplane.Node.Live;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>
/// What a change does to live connections: one that tightens ends those that it denies, and says which; others do
/// nothing.
/// </summary>
public sealed class CutTests
{
    private static Lab Pods(params string[] ports) => new Lab().Namespace("x").Pod("x/a", "app=a").Pod("x/b", "app=b")
        .Policy("x/b", "app=b", ingress: [Rule.Of([Rule.Pods("app=a")], ports)])
        // A connection that was cut cannot be opened in the opposite direction either.
        .Policy("x/a", "app=a", ingress: []).Policy("x/c", "app=b", egress: []);

    [Theory]
    [InlineData(AddressFamily.InterNetwork)]
    [InlineData(AddressFamily.InterNetworkV6)]
    public void What_a_change_denies_ends_both_ways_and_is_named(AddressFamily family)
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods("TCP 80", "TCP 81", "UDP 80", "UDP 81").Cluster);
        Talk[] kept =
        [
            lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80, family), lab.Talk("x/a", "x/b", ProtocolType.Udp, 80, family),
        ];
        Talk[] cut =
        [
            lab.Talk("x/a", "x/b", ProtocolType.Tcp, 81, family), lab.Talk("x/a", "x/b", ProtocolType.Udp, 81, family),
        ];
        foreach (var talk in kept.Concat(cut)) talk.BothWays();
        var tighter = Pods("TCP 80", "UDP 80").Cluster;

        var would = lab.Node.WouldCut(tighter);
        foreach (var talk in cut) talk.BothWays();
        var change = lab.Node.Apply(tighter);
        Assert.True(change.Tightened);
        Assert.Equal(["x/a x/b 17 81", "x/a x/b 6 81"], Names(change.Cut));
        Assert.Equal(Names(change.Cut), Names(would));

        using var log = NflogReader.Open(Dataplane.Linux.Namespaces.Netns.Open(lab.Name), NodeShape.Default.LogGroup);
        foreach (var talk in cut)
        {
            talk.Client.Send("late"u8);
            Assert.True(
                log.Receive(TimeSpan.FromMilliseconds(PodSocket.Patience), (scoped in NflogPacket _) => { }) > 0,
                "nothing was dropped");
            talk.Server.Send("late"u8);
            Assert.True(
                log.Receive(TimeSpan.FromMilliseconds(PodSocket.Patience), (scoped in NflogPacket _) => { }) > 0,
                "nothing was dropped");
        }
        foreach (var talk in kept) talk.BothWays();
        Assert.All(cut, talk => Assert.Equal((0, 0), (talk.Client.Available, talk.Server.Available)));
        // What is cut once is not cut again.
        Assert.DoesNotContain(lab.Node.Apply(Pods("TCP 80").Cluster).Cut, c => c.Tuple.DestinationPort == 81);
    }

    /// <summary>Whoever has said goodbye is not cut off: the entry ends without being named.</summary>
    [Theory]
    [InlineData("both")]
    [InlineData("client")]
    public void What_is_closing_already_is_not_named(string closes)
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods("TCP 80", "TCP 81").Cluster);
        var closing = lab.Talk("x/a", "x/b", ProtocolType.Tcp, 81);
        var open = lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80);
        foreach (var talk in (Talk[])[closing, open]) talk.BothWays();
        closing.Client.Shutdown(SocketShutdown.Send);
        // The end has arrived, so conntrack has seen it.
        Assert.Empty(Talk.Receive(closing.Server));
        if (closes == "both")
        {
            closing.Server.Shutdown(SocketShutdown.Send);
            Assert.Empty(Talk.Receive(closing.Client));
        }
        var tighter = Pods("UDP 80").Cluster;
        Assert.Equal(["x/a x/b 6 80"], Names(lab.Node.WouldCut(tighter)));
        Assert.Equal(["x/a x/b 6 80"], Names(lab.Node.Apply(tighter).Cut));
    }

    [Fact]
    public void What_opens_and_what_is_unrelated_leaves_the_epoch_alone()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods("TCP 80").Cluster);
        var talk = lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80);
        talk.BothWays();
        var epoch = lab.Epoch();
        Cluster[] changes =
        [
            More().Cluster,
            More().Pod("x/c", "app=c").Cluster,
            More().Pod("x/c", "app=c").Pod("x/d", "app=d").Policy("x/closed", "app=d", ingress: []).Cluster,
            More().Cluster,
            Pods("TCP 80").Cluster with { NetworkPolicies = [] },
        ];
        foreach (var cluster in changes)
        {
            var change = lab.Node.Apply(cluster);
            Assert.False(change.Tightened);
            Assert.Empty(change.Cut);
            talk.BothWays();
            Assert.Equal(epoch, lab.Epoch());
        }
        lab.Node.Apply(Pods("TCP 80").Cluster);
        talk.BothWays();
        Assert.NotEqual(epoch, lab.Epoch());
    }

    private static Lab More() => Pods("TCP 80").Policy("x/more", "app=b", ingress: [Rule.Of([], ["TCP 443"])]);

    [Fact]
    public void A_change_while_nobody_watched_cuts_when_the_node_is_adopted()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Pods("TCP 80", "TCP 81").Cluster);
        var (kept, cut) = (lab.Talk("x/a", "x/b", ProtocolType.Tcp, 80), lab.Talk("x/a", "x/b", ProtocolType.Tcp, 81));
        kept.BothWays();
        cut.BothWays();
        var change = lab.Reopen().Apply(Pods("TCP 80").Cluster);
        Assert.Equal(["x/a x/b 6 81"], Names(change.Cut));
        kept.BothWays();
    }

    private static IEnumerable<string> Names(IEnumerable<CutConnection> cut) =>
        cut.Select(c => $"{c.From} {c.To} {c.Tuple.Protocol} {c.Tuple.DestinationPort}").Order(StringComparer.Ordinal);
}
