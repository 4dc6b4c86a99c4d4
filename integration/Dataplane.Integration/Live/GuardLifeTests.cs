using System.Net.Sockets;
using Dataplane.Integration.Attacks;
using Dataplane.Linux.Bpf;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Model;
using Dataplane.Rules.Guard;
using Dataplane.Rules.Shape;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>The guard stays without its process, is taken over, mended, and replaced by that of another version.</summary>
public sealed class GuardLifeTests
{
    private static Cluster Cluster(params string[] more) => more.Aggregate(
        new Lab().Namespace("x").Pod("x/a").Pod("x/b"), (lab, pod) => lab.Pod(pod)).Cluster;

    [Fact]
    public void Without_its_process_it_goes_on_and_the_next_one_takes_it_over()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        var (a, b) = (lab.Pod("x/a"), lab.Pod("x/b"));
        var before = Programs(lab, a.PortIndex);
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
        Assert.Equal(before, Programs(lab, a.PortIndex));
        // A new process has loaded the same program anew.
        Assert.NotEqual(before, Programs(lab, lab.Pod("x/c").PortIndex));
        Assert.Empty(lab.Node.Repair());
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_port_that_has_lost_it_is_found_and_gets_it_again()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        Assert.True(lab.Node.Check());
        using var node = Netns.Open(lab.Name);
        var port = lab.Pod("x/a").PortIndex;
        using (var guard = Guard(lab, port)) PortPrograms.Detach(node, port, guard);
        Assert.False(lab.Node.Check());
        Assert.Contains(new("guard of port pod1 of x/a", "missing"), lab.Node.RepairSuspected());
        Assert.Single(Programs(lab, port));
        Assert.True(lab.Node.Check());
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void That_of_another_version_is_replaced_and_a_program_of_others_stays()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(Cluster());
        using var node = Netns.Open(lab.Name);
        var (port, pass) = (lab.Pod("x/a").PortIndex, new BpfAssembler());
        pass.Set(BpfRegister.R0, GuardProgram.Next);
        pass.Exit();
        var code = pass.Assemble(KernelTypes.Read());
        using var other = BpfProgram.Load("somebody", code);
        using var older = BpfProgram.Load(GuardProgram.Name, code);
        using (var guard = Guard(lab, port)) PortPrograms.Replace(node, port, guard, older);
        PortPrograms.Attach(node, other, port);
        lab.Reopen().Apply(Cluster());
        var programs = Programs(lab, port);
        Assert.Equal(2, programs.Length);
        Assert.DoesNotContain(older.Id, programs);
        Assert.Contains(other.Id, programs);
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_kernel_that_cannot_have_it_is_told_of()
    {
        using var lab = new LiveLab(guarded: false);
        lab.Node.Apply(Cluster());
        Assert.Equal("it was not asked for", lab.Node.NoGuard);
        Assert.Empty(Programs(lab, lab.Pod("x/a").PortIndex));
        using var talk = lab.Talk("x/a", "x/b", ProtocolType.Udp, 9);
        talk.BothWays();
        Assert.True(lab.Node.Check());
    }

    private static GuardCase Honest => GuardCase.All.First(c => c.Reason is null);

    private static GuardCase Forged => GuardCase.All.First(c => c.Reason == DropReason.ForgedChecksum);

    private static uint[] Programs(LiveLab lab, InterfaceIndex port)
    {
        using var node = Netns.Open(lab.Name);
        return PortPrograms.Query(node, [port])[0]!;
    }

    private static BpfProgram Guard(LiveLab lab, InterfaceIndex port) =>
        BpfProgram.TryOpen(Programs(lab, port).Single())!;
}
