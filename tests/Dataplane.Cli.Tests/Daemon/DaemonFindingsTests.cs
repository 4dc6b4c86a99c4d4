using Dataplane.Api;
using Dataplane.Cli.Operation;
using Dataplane.Node.Diagnosis;

namespace Dataplane.Cli.Tests.Daemon;

public sealed class DaemonFindingsTests
{
    private static readonly StatusResponse Healthy = new("1", 1, DateTimeOffset.UnixEpoch, "n", "private")
    {
        DesiredGeneration = 3, EnforcedGeneration = 3, Pods = 2,
    };

    [Fact]
    public void A_healthy_daemon_is_one_finding() =>
        Assert.Equal([Finding.Ok("daemon: generation 3 enforced, 2 pods")], DaemonFindings.Of(Healthy));

    [Fact]
    public void Ports_without_a_guard_are_told_of() =>
        Assert.Contains(DaemonFindings.Of(Healthy with { NoGuard = "no tcx" }),
            f => f is { Severity: FindingSeverity.Warning, What: "daemon: the ports of pods have no guard: no tcx" });

    [Fact]
    public void What_is_wrong_has_a_fix()
    {
        var findings = DaemonFindings.Of(Healthy with
        {
            Problem = "no room",
            EnforcedGeneration = 2,
            Errors = ["a.yaml: not YAML"],
            StrayThreads = ["7 pool"],
            Repairs = [new RepairEntry(DateTimeOffset.UnixEpoch, "route", "missing")],
            RepairsTotal = 9,
        }).ToList();
        Assert.Equal([FindingSeverity.Failed, FindingSeverity.Warning, FindingSeverity.Failed, FindingSeverity.Warning],
            findings.Select(f => f.Severity));
        Assert.All(findings, f => Assert.NotNull(f.Fix));
        Assert.Contains("9 repairs, the last at 1970-01-01 00:00:00Z: route, found missing", findings[^1].What,
            StringComparison.Ordinal);
    }
}
