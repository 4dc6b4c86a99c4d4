using Dataplane.Linux.Namespaces;
using Dataplane.Node.Diagnosis;

namespace Dataplane.Integration.Diagnosis;

public sealed class DoctorTests
{
    [Fact]
    public void A_machine_that_runs_these_tests_is_healthy_and_every_other_finding_has_a_fix()
    {
        var findings = Doctor.Examine("/var/lib/dataplane").ToList();
        Assert.DoesNotContain(findings, f => f.Severity == FindingSeverity.Failed);
        Assert.Contains(findings,
            f => f.What.StartsWith("enforcement: an allowed packet arrived", StringComparison.Ordinal));
        Assert.All(findings, f => Assert.Equal(f.Severity == FindingSeverity.Ok, f.Fix is null));
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_kernel_that_cannot_guard_ports_is_told_of()
    {
        var finding = KernelFeatures.GuardFinding("this kernel has no struct sk_buff");
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.StartsWith("ports of pods have no guard: this kernel has no struct sk_buff; fragments from pods are "
            + "dropped", finding.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_capabilities_are_named()
    {
        // All but CAP_NET_RAW, bit 13.
        var finding = Capabilities.Of(ulong.MaxValue & ~(1ul << 13));
        Assert.Equal(FindingSeverity.Failed, finding.Severity);
        Assert.Equal("missing: CAP_NET_RAW (probes and captures)", finding.What);
    }
}
