using System.Globalization;
using Dataplane.Runtime.Statuses;

namespace Dataplane.Integration.Runtime;

/// <summary>What programs of pods find, say and leave, with a supervisor as it is run.</summary>
public sealed class ProgramTests
{
    private static readonly string[] Ran = ["begun", "A=web x/p 10.77.0.2", "p", "1000 2000", "/tmp", "0"];

    [Fact]
    public async Task A_program_runs_as_its_manifest_says()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Script(
            "echo begun; echo A=$A; cat /proc/sys/kernel/hostname; echo $(id -u) $(id -g); pwd; "
            + "grep -c v1 /proc/net/dev; echo bad >&2; exec sleep 1000",
            """
            workingDir: /tmp
            securityContext: {runAsUser: 1000, runAsGroup: 2000}
            env:
            - {name: L, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app']"} } }
            - {name: I, valueFrom: {fieldRef: {fieldPath: status.podIP} } }
            - {name: A, value: $(L) x/p $(I)}
            """));
        var report = await lab.Until("Running");
        lab.UntilLogged("bad");
        Assert.Equal(Ran, lab.Log().Where(l => l != "bad"));
        Assert.Equal("1/1", report.Status!.ReadyText);
        var process = Assert.Single(report.Processes);
        // The shell becomes the program behind its last line, and has no command line for a moment.
        SupervisorLab.Until(() => File.ReadAllText($"/proc/{process.Id}/cmdline") == "sleep\u00001000\0");
        Assert.Equal(process.StartTicks, Dataplane.Linux.Programs.ProcessHandle.StartTicksOf(process.Id));
        await lab.Delete();
        await lab.UntilGone();
        Assert.NotEqual(process.StartTicks, Dataplane.Linux.Programs.ProcessHandle.StartTicksOf(process.Id));
        Assert.False(Directory.Exists(Path.GetDirectoryName(lab.Files.LogOf("x", "p", "a"))));
    }

    [Theory]
    [InlineData("exit 0", 0, "Completed", "Completed")]
    [InlineData("exit 7", 7, "Error", "Error")]
    [InlineData("kill -SEGV $$$$", 128 + 11, "Error", "Error")]
    [InlineData("exit 125", 125, "Error", "Error")]
    public async Task Its_end_is_told(string script, int code, string reason, string word)
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Script(script, podMore: "restartPolicy: Never"));
        var report = await lab.Until(r => r.Status?.Phase is PodPhase.Succeeded or PodPhase.Failed);
        Assert.Equal(word, report.Status!.Word);
        var ended = Assert.IsType<ContainerState.Terminated>(Assert.Single(report.Status.Containers).State);
        Assert.Equal((code, reason), (ended.Exit.Code, ended.Exit.Reason));
        Assert.Empty(report.Processes);
    }

    [Fact]
    public async Task What_cannot_be_started_says_why_in_the_words_of_kubernetes()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Order("containers: [{name: a, image: any, command: [nosuch]}]", "one"));
        await lab.Set(lab.Script("true", "securityContext: {runAsNonRoot: true}", "two"));
        var one = await lab.Until(r => r.Status?.Containers[0].LastExit is not null, "one");
        Assert.Equal("exec: \"nosuch\": executable file not found in $PATH",
            one.Status!.Containers[0].LastExit!.Exit.Message);
        var two = await lab.Until("CreateContainerConfigError", "two");
        Assert.Equal(
            "container has runAsNonRoot and image will run as root (pod: \"two_x(1)\", container: a)",
            Assert.IsType<ContainerState.Waiting>(two.Status!.Containers[0].State).Message);
        Assert.Equal(0, two.Status.Restarts);
    }

    [Fact]
    public async Task One_that_ends_is_started_again_with_pauses_and_its_logs_are_kept()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Script("echo run $(cat /proc/uptime); exit 3"));
        var report = await lab.Until("CrashLoopBackOff");
        // The first end is followed by a start at once.
        Assert.Equal(1, report.Status!.Restarts);
        Assert.Equal(3, report.Status.Containers[0].LastExit!.Exit.Code);
        Assert.StartsWith("back-off 10s", ((ContainerState.Waiting)report.Status.Containers[0].State).Message,
            StringComparison.Ordinal);
        var (previous, present) = (Assert.Single(lab.Log(previous: true)), Assert.Single(lab.Log()));
        Assert.True(Uptime(previous) <= Uptime(present));
        Assert.NotEqual(previous, present);

        static double Uptime(string line) => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Init_containers_come_first_and_another_order_takes_the_place_of_the_old_one()
    {
        await using var lab = await SupervisorLab.Start();
        var file = lab.Files.Directory + "/trace";
        var order = lab.Order($$"""
            initContainers:
            - {name: i, image: any, command: [sh, -c, "echo init >> {{file}}"]}
            containers:
            - name: a
              image: any
              command:
              - sh
              - -c
              - "echo main >> {{file}}; trap 'echo bye >> {{file}}; exit 0' TERM; while :; do sleep 0.01; done"
            """);
        await lab.Set(order);
        var first = await lab.Until("Running");
        SupervisorLab.Until(() => File.ReadAllLines(file).Length == 2);
        // An equal one changes nothing, and facts are those of the next start.
        await lab.Set(order);
        await lab.Set(order with { Facts = order.Facts with { NodeName = "other" } });
        Assert.Equal(first.Processes, (await lab.Until(r => r.Order.Facts.NodeName == "other")).Processes);
        await lab.Set(order with { Identity = "2" });
        await lab.Until(r => r.Order.Identity == "2" && r.Status?.Word == "Running");
        SupervisorLab.Until(() => File.ReadAllLines(file).Length == 5);
        Assert.Equal(["init", "main", "bye", "init", "main"], File.ReadAllLines(file));
    }

    [Fact]
    public async Task One_that_does_not_listen_is_ended_by_force_when_its_grace_is_over()
    {
        await using var lab = await SupervisorLab.Start();
        await lab.Set(lab.Script("trap '' TERM; echo on; while :; do sleep 0.01; done",
            podMore: "terminationGracePeriodSeconds: 1"));
        await lab.Until("Running");
        lab.UntilLogged("on");
        await lab.Delete();
        await lab.Until("Terminating");
        await lab.UntilGone();
    }

    [Fact]
    public async Task PreStop_is_done_before_it_is_asked_to_end()
    {
        await using var lab = await SupervisorLab.Start();
        var file = lab.Files.Directory + "/trace";
        await lab.Set(lab.Script(
            $"trap 'echo term >> {file}; exit 0' TERM; echo on; while :; do sleep 0.01; done",
            $"lifecycle: {{preStop: {{exec: {{command: [sh, -c, 'echo stop >> {file}']}}}}}}"));
        await lab.Until("Running");
        lab.UntilLogged("on");
        await lab.Delete();
        await lab.UntilGone();
        Assert.Equal(["stop", "term"], File.ReadAllLines(file));
    }
}
