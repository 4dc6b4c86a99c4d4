using System.Net.Sockets;
using Dataplane.Integration.Attacks;
using Dataplane.Linux.Bpf;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Live;
using Dataplane.Node.Repairs;
using Dataplane.Policy.Model;
using Dataplane.Rules.Guard;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>
/// The guard stays without its process, is taken over, mended, and replaced by that of another version.
/// </summary>
public sealed class GuardLifeTests
{
    private static Cluster Cluster(params string[] more) => more.Aggregate(
        new Lab().Namespace("x").Pod("x/a").Pod("x/b"), (lab, pod) => lab.Pod(pod)).Cluster;

    [Theory]
    [InlineData(ShortWayMode.Off)]
    [InlineData(ShortWayMode.On)]
    public void Without_its_process_it_goes_on_and_the_next_one_takes_it_over(ShortWayMode mode)
    {
        using var lab = new LiveLab(shortWay: mode);
        lab.Node.Apply(Cluster());
        var (a, b) = (lab.Pod("x/a"), lab.Pod("x/b"));
        var before = Program(lab, a.PortIndex);
        using (var from = Netns.Open(a.NetnsName!))
        using (var to = Netns.Open(b.NetnsName!))
        using (var node = Netns.Open(lab.Name))
        {
            lab.Close();
            using var guard = new GuardLab(
                node, f => a.Pod.Address(f)!, from, a.Mac, f => b.Pod.Address(f)!, to);
            foreach (var family in AddressFamilies.All)
            {
                Assert.Equal(DropReason.ForgedChecksum, guard.FateOf(Forged, family));
                Assert.Equal("arrived", guard.FateOf(Honest, family));
            }
        }
        lab.Reopen().Apply(Cluster("x/c"));
        // With a short way, the one that is there goes by what the process before has said.
        if (mode == ShortWayMode.On) Assert.NotEqual(before, Program(lab, a.PortIndex));
        else Assert.Equal(before, Program(lab, a.PortIndex));
        // A new process has loaded the same program anew.
        var anew = Program(lab, lab.Pod("x/c").PortIndex)!.Value;
        Assert.Equal((before!.Value.Tag, before.Value.Name), (anew.Tag, anew.Name));
        Assert.NotEqual(before.Value.Id, anew.Id);
        Assert.Empty(lab.Node.Repair());
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_port_that_has_lost_it_is_found_and_gets_it_again()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        Assert.True(lab.Node.Check());
        var port = lab.Pod("x/a").PortIndex;
        lab.Exec("tc", "filter delete dev pod1 ingress");
        Assert.Null(Program(lab, port));
        Assert.False(lab.Node.Check());
        Assert.Contains(new Repair("guard of port pod1 of x/a", "missing"), lab.Node.RepairSuspected());
        Assert.NotNull(Program(lab, port));
        Assert.True(lab.Node.Check());
        // With the qdisc, too.
        lab.Exec("tc", "qdisc delete dev pod1 clsact");
        Assert.False(lab.Node.Check());
        Assert.Contains(new Repair("guard of port pod1 of x/a", "missing"), lab.Node.RepairSuspected());
        Assert.True(lab.Node.Check());
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void That_of_another_version_is_replaced()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        var (port, pass) = (lab.Pod("x/a").PortIndex, new BpfAssembler());
        var wanted = Program(lab, port)!.Value.Tag;
        pass.Set(BpfRegister.R0, GuardProgram.Next);
        pass.Exit();
        using var older = BpfProgram.Load(GuardProgram.Name, pass.Assemble(KernelTypes.Read()));
        OnNode(lab, route => route.Commit("an older one",
            batch => IngressFilters.Put(batch, port, older.Handle, GuardProgram.Name)));
        Assert.NotEqual(wanted, Program(lab, port)!.Value.Tag);
        lab.Reopen().Apply(Cluster());
        Assert.Equal(wanted, Program(lab, port)!.Value.Tag);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_kernel_that_cannot_have_it_is_told_of()
    {
        using var lab = new LiveLab(guarded: false);
        lab.Node.Apply(Cluster());
        Assert.Equal("it was not asked for", lab.Node.NoGuard);
        Assert.Null(Program(lab, lab.Pod("x/a").PortIndex));
        using var talk = lab.Talk("x/a", "x/b", ProtocolType.Udp, 9);
        talk.BothWays();
        Assert.True(lab.Node.Check());
    }

    private static GuardCase Honest => GuardCase.All.First(c => c.Reason is null);

    private static GuardCase Forged => GuardCase.All.First(c => c.Reason == DropReason.ForgedChecksum);

    private static IngressFilterInfo? Program(LiveLab lab, InterfaceIndex port)
    {
        IngressFilterInfo? found = null;
        OnNode(lab, route =>
        {
            using var batch = route.NewBatch();
            IngressFilters.Get(batch, port);
            route.Commit("ask for the guard", batch, (_, body) => found = IngressFilters.Parse(body),
                Errno.ENOENT, Errno.EINVAL);
        });
        return found;
    }

    private static void OnNode(LiveLab lab, Action<NetlinkSocket> work)
    {
        using var node = Netns.Open(lab.Name);
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, node);
        work(route);
    }
}
