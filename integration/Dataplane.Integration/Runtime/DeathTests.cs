using System.Diagnostics;
using System.Globalization;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Statuses;
using Dataplane.Runtime.Supervision;

namespace Dataplane.Integration.Runtime;

/// <summary>A supervisor that is killed, at any moment, and followed by another one.</summary>
public sealed class DeathTests
{
    [Fact]
    public async Task Programs_live_on_and_are_the_next_supervisors_with_their_logs_and_their_ends()
    {
        await using var lab = await SupervisorLab.Start();
        // One line for each that it is told to write; without a listener it must not get SIGPIPE.
        var count = lab.Files.Directory + "/count";
        await lab.Set(lab.Script($"n=0; while :; do if test -e {count}$n; then echo line $n; n=$((n+1)); fi; "
            + $"test -e {count}-end && exit 5; sleep 0.005; done"));
        await lab.Set(lab.Order("containers: [{name: a, image: any, ports: [{containerPort: 80}]}]", "web"));
        var before = await lab.Until("Running");
        var web = await lab.Until("Running", "web");
        File.Create(count + "0").Dispose();
        lab.UntilLogged("line 0");
        await lab.Kill();
        File.Create(count + "1").Dispose();
        Assert.Contains("x/web TCP", lab.Node.Exec("curl", $"-s http://{SupervisorLab.PodAddress}/"),
            StringComparison.Ordinal);
        await lab.StartSupervisor();
        Assert.Equal(before.Processes, (await lab.Until("Running")).Processes);
        Assert.Equal(web.Processes, (await lab.Until("Running", "web")).Processes);
        lab.UntilLogged("line 1");
        File.Create(count + "2").Dispose();
        lab.UntilLogged("line 2");
        Assert.Equal(["line 0", "line 1", "line 2"], lab.Log());
        Assert.Empty(lab.Log(previous: true));
        File.Create(count + "-end").Dispose();
        var ended = await lab.Until(r => r.Status is { Restarts: 1 });
        // Since Linux 6.15 the kernel tells it also those who are not the parent.
        Assert.Equal(Environment.OSVersion.Version >= new Version(6, 15) ? 5 : 137,
            ended.Status!.Containers[0].LastExit!.Exit.Code);
    }

    [Fact]
    public async Task What_ended_meanwhile_has_ended_and_what_was_ordered_is_done()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Script("exec sleep 1000", podMore: "restartPolicy: Never"));
        await lab.Set(lab.Script("trap '' TERM; while :; do sleep 0.01; done", name: "slow",
            podMore: "terminationGracePeriodSeconds: 1"));
        var process = Assert.Single((await lab.Until("Running")).Processes);
        await lab.Until("Running", "slow");
        await lab.Delete("slow");
        await lab.Kill();
        ProcessHandle.Signal(process.Id, 9);
        SupervisorLab.Until(() => ProcessHandle.StartTicksOf(process.Id) != process.StartTicks);
        await lab.StartSupervisor();
        var report = await lab.Until(r => r.Status?.Phase == PodPhase.Failed);
        Assert.Equal("ContainerStatusUnknown", report.Status!.Word);
        SupervisorLab.Until(() => !Directory.Exists(Path.GetDirectoryName(lab.Files.LogOf("x", "slow", "a"))));
    }

    [Fact]
    public async Task Another_one_cannot_have_its_directory()
    {
        await using var lab = await SupervisorLab.Start();
        var refused = await Assert.ThrowsAsync<IOException>(lab.StartSupervisor);
        Assert.Contains("another supervisor has", refused.Message, StringComparison.Ordinal);
        await lab.Set(lab.Script("exec sleep 1000"));
        await lab.Until("Running");
    }

    [Fact]
    public async Task Nothing_is_started_twice_or_lost_however_often_it_dies()
    {
        const int Pods = 4, Deaths = 12;
        var random = new Random(14);
        await using var lab = await SupervisorLab.Start();
        var trace = lab.Files.Directory + "/trace";
        // Each run holds a lock as long as it lives: a second one at the same time is told.
        string Script(int pod) => $"exec 9>{trace}{pod}.lock; flock -n 9 || echo twice >> {trace}; "
            + $"echo run >> {trace}{pod}; " + (pod % 2 == 0 ? "exec sleep 1000" : "sleep 0.03; exit 1");
        var wanted = new PodOrder[Pods];
        for (var death = 0; death < Deaths; death++)
        {
            for (var pod = 0; pod < Pods; pod++)
            {
                if (death > 0 && random.Next(2) == 0) continue;
                wanted[pod] = lab.Script(Script(pod), name: $"p{pod}", podMore: "terminationGracePeriodSeconds: 1") with
                {
                    Identity = death.ToString(CultureInfo.InvariantCulture),
                };
                await lab.Set(wanted[pod]);
            }
            // Somewhere in what it does then.
            var (watch, moment) = (Stopwatch.StartNew(), TimeSpan.FromMilliseconds(random.Next(60)));
            SpinWait.SpinUntil(() => watch.Elapsed > moment);
            await lab.Kill();
            await lab.StartSupervisor();
        }
        for (var pod = 0; pod < Pods; pod++)
        {
            var identity = wanted[pod].Identity;
            await lab.Until(r => r.Order.Identity == identity && r.Status is { Phase: PodPhase.Running }, $"p{pod}");
        }
        Assert.False(File.Exists(trace), "one ran twice at a time");
        foreach (var pod in (int[])[0, 2])
        {
            var process = Assert.Single((await lab.Until("Running", $"p{pod}")).Processes);
            Assert.Equal("sleep\u00001000\0", File.ReadAllText($"/proc/{process.Id}/cmdline"));
        }
        // The groups are those of what runs, and of nothing else.
        var groups = Directory.GetDirectories("/sys/fs/cgroup", lab.Cgroup, SearchOption.AllDirectories)
            .First(d => !d.Contains("unified", StringComparison.Ordinal));
        SupervisorLab.Until(() => Directory.GetDirectories(groups).Length <= Pods);
    }
}
