using Dataplane.Api;

namespace Dataplane.Cli.Tests;

public sealed class StatusTests : IDisposable
{
    private static readonly StatusResponse Well =
        new("0.1.0+abc", 4711, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "dataplane", "private")
        {
            DesiredGeneration = 12, EnforcedGeneration = 12, Pods = 5, NetworkPolicies = 1, Elements = 99,
            OwnsTables = true, Adopted = true,
        };

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void All_is_well()
    {
        using var daemon = Answering(Well);
        var outcome = _cli.Run("status");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Equal($"""
            daemon     0.1.0+abc, pid 4711, since {Well.Started.ToLocalTime():yyyy-MM-dd HH:mm:ss}
            node       dataplane (private), was there before this daemon
            state      generation 12, enforced
            holds      5 pods, 1 network policy, 0 tier policies; 99 set elements
            tables     owned: no other process can change them
            short way  on: packets of established connections pass by the rules
            repairs    none

            """, outcome.Out);
    }

    [Fact]
    public void Something_is_wrong()
    {
        using var daemon = Answering(Well with
        {
            DesiredGeneration = 13,
            Problem = "the kernel refused: no memory",
            Errors = ["/etc/m/a.yaml: 2 errors"],
            QueueDepth = 1,
            OwnsTables = false,
            NoGuard = "this kernel has no struct sk_buff",
            NoShortWay = "the ports have no guard",
            StrayThreads = ["17 .NET"],
            RepairsTotal = 3,
            Repairs = [new RepairEntry(Well.Started, "address 10.244.0.1 of dp0", "missing")],
        });
        var outcome = _cli.Run("status");
        Assert.Equal(1, outcome.Exit);
        foreach (var line in (string[])
        [
            "state      generation 13 is desired, 12 enforced\n           the kernel refused: no memory\n",
            "queue      1 change waiting\n", "error      /etc/m/a.yaml: 2 errors\n",
            "error      thread outside its network namespace: 17 .NET\n", "repairs    3 since it started\n",
            "  address 10.244.0.1 of dp0: missing\n", "tables     not owned",
            "short way  off: the ports have no guard\n",
            "guard      none, so fragments from pods are dropped: this kernel has no struct sk_buff\n",
        ])
        {
            Assert.Contains(line, outcome.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Json_has_the_same_exit_code()
    {
        using var daemon = Answering(Well with { Errors = ["x"] });
        var outcome = _cli.Run("status", "-o", "json");
        Assert.Equal((1, "12"), (outcome.Exit, outcome.Json["enforcedGeneration"]!.ToString()));
    }

    private CannedDaemon Answering(StatusResponse status) =>
        new CannedDaemon(_cli.Socket).Says("GET /v1/status", status, ApiJson.Default.StatusResponse);
}
