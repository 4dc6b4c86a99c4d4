using System.Diagnostics;
using System.Text.RegularExpressions;
using Dataplane.Api;
using Dataplane.Integration.Promises;
using Dataplane.Linux.Programs;
using static Dataplane.Integration.Programs.ProgramsLab;

namespace Dataplane.Integration.Programs;

/// <summary>What becomes of programs when the daemon dies, and when their pods are deleted.</summary>
public sealed class SurvivalTests
{
    private const int Silence = -28;

    private const string Ttl = "net.ipv4.ip_default_ttl", Mark = "77";

    [Fact]
    public void The_death_of_the_daemon_ends_no_program_no_connection_and_no_endpoint()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        using var lab = new ProgramsLab(Pod("a", Answering) + Pod("b", Answering)
            + Pod("client", Waiting, app: "client") + WebService);
        foreach (var pod in (string[])["a", "b", "client"]) lab.Await(pod, "Running", "1/1");
        var before = Processes();
        // Asks without a pause, and writes what was not answered.
        var start = lab.Start("exec", "shop/client", "--", "sh", "-c", "for i in $(seq 20000); do "
            + "curl -s -m 5 -o /dev/null http://web-service/ || echo failed $?; echo asked; done");
        start.RedirectStandardOutput = true;
        using var asking = Process.Start(start)!;
        Assert.Equal("asked", asking.StandardOutput.ReadLine());
        var kernel = lab.Daemon.Rules();
        for (var i = 0; i < 3; i++)
        {
            lab.Daemon.Kill();
            lab.Daemon.Start();
            Assert.Equal(before, Processes());
            Assert.Empty(lab.Daemon.State().NotReady!);
        }
        asking.Kill(entireProcessTree: true);
        var said = asking.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(said, line => line.StartsWith("failed", StringComparison.Ordinal));
        Assert.True(said.Length > 3, $"{said.Length} requests");
        Assert.Equal(0, lab.Of("a").Summary!.Restarts);
        Assert.NotEmpty(kernel);

        string Processes() => string.Join(' ', new[] { "a", "b", "client" }.Select(pod =>
            lab.Of(pod).Processes is [var process] ? $"{process.Id}.{process.StartTicks}" : "none"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_supervisor_that_dies_is_started_again_and_leads_what_runs(bool isMoreWanted)
    {
        using var lab = new ProgramsLab(Pod("one", Waiting));
        lab.Await("one", "Running", "1/1");
        var process = Assert.Single(lab.Of("one").Processes!);
        var supervisor = Assert.Single(Directory.GetDirectories("/proc"), IsSupervisor);
        Process.GetProcessById(int.Parse(Path.GetFileName(supervisor),
            System.Globalization.CultureInfo.InvariantCulture)).Kill();
        Steady.Until(() => !IsSupervisor(supervisor), "it is dead");
        if (isMoreWanted)
        {
            lab.Daemon.Apply("two.yaml", Pod("two", Waiting));
            lab.Await("two", "Running", "1/1");
        }
        // One supervisor after the other was told, and the second no less than the first.
        Steady.Until(() => Told().Count > 1, () => lab.Daemon.Said());
        Assert.NotEqual("0", Told()[1]);
        Assert.Equal(process, Assert.Single(lab.Of("one").Processes!));
        Assert.Empty(lab.Daemon.Status().Errors);

        List<string> Told() =>
            [.. Regex.Matches(lab.Daemon.Said(), "programs run in ([0-9]+) pods").Select(m => m.Groups[1].Value)];

        bool IsSupervisor(string proc)
        {
            try
            {
                return File.ReadAllText($"{proc}/cmdline") is var command
                    && command.Contains("dataplane-supervisor\0run", StringComparison.Ordinal)
                    && command.Contains(lab.Daemon.NodeName, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void A_deleted_pod_terminates_with_its_network_and_policies_until_its_programs_have_ended()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
        using var files = new TempDirectory();
        // Answers still, and ends when it is let go.
        var stubborn = Answering.Replace("}]}", "}], lifecycle: {preStop: {exec: {command: [sh, -c, "
            + $"'while [ ! -e {files["go"]} ]; do sleep 0.05; done']}}}}}}}}", StringComparison.Ordinal);
        using var lab = new ProgramsLab(Pod("old", stubborn, "terminationGracePeriodSeconds: 60")
            + Pod("new", Answering) + Pod("client", Waiting, app: "client") + Pod("other", Waiting, app: "other")
            + WebService + """
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: shop}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]

            """);
        foreach (var pod in (string[])["old", "new", "client", "other"]) lab.Await(pod, "Running", "1/1");
        var address = lab.Of("old").IPv4!;
        // What is left in a network is not for the next one.
        Tool.Run("ip", "netns", "exec", lab.Netns("old"), "sysctl", "-w", $"{Ttl}={Mark}").Succeeded();
        lab.Daemon.Delete(new ObjectReference("Pod", "shop/old"));
        Assert.Equal("Terminating", lab.Word("old"));
        Assert.DoesNotContain(address, lab.Run("get", "ep", "-n", "shop").Succeeded(), StringComparison.Ordinal);
        Assert.Equal(200, lab.Curl("client", $"http://{address}"));
        Assert.Equal(Silence, lab.Curl("other", $"http://{address}"));
        Assert.DoesNotContain("shop/old", lab.Exec("client", "sh", "-c",
            "for i in $(seq 30); do curl -s -m 5 http://web-service/ | head -1; done").Succeeded(),
            StringComparison.Ordinal);
        // One of its name waits.
        lab.Daemon.Apply("again.yaml", Pod("old", Answering, app: "again"));
        Assert.Equal("Terminating", lab.Word("old"));
        Assert.Equal(Mark, Read());
        File.WriteAllText(files["go"], "");
        lab.Await("old", "Running", "1/1");
        Assert.NotEqual(Mark, Read());
        // No policy is about it.
        Assert.Equal(200, lab.Curl("other", $"http://{lab.Of("old").IPv4}"));

        string Read() =>
            Tool.Run("ip", "netns", "exec", lab.Netns("old"), "sysctl", "-n", Ttl).Succeeded().Trim();
    }

    [Fact]
    public void One_that_does_not_end_by_itself_is_ended_when_its_grace_is_over()
    {
        using var lab = new ProgramsLab(Pod("deaf", Script("trap '' TERM; while :; do sleep 0.05; done"))
            + Pod("deaf2", Script("trap '' TERM; while :; do sleep 0.05; done")));
        lab.Await("deaf", "Running");
        lab.Await("deaf2", "Running");
        var (one, two) = (Assert.Single(lab.Of("deaf").Processes!), Assert.Single(lab.Of("deaf2").Processes!));
        lab.Run("delete", "pod", "shop/deaf", "--grace-period", "1").Succeeded();
        lab.Run("delete", "pod", "shop/deaf2", "--grace-period", "0").Succeeded();
        Steady.Until(() => lab.Find("deaf") is null && lab.Find("deaf2") is null, "they are gone");
        Assert.NotEqual(one.StartTicks, ProcessHandle.StartTicksOf(one.Id));
        Assert.NotEqual(two.StartTicks, ProcessHandle.StartTicksOf(two.Id));
    }

    [Fact]
    public void A_daemon_that_dies_meanwhile_finishes_it_with_the_next_start()
    {
        using var lab = new ProgramsLab(Pod("deaf", Script("trap '' TERM; while :; do sleep 0.05; done"),
            "terminationGracePeriodSeconds: 2"));
        lab.Await("deaf", "Running");
        var (process, netns) = (Assert.Single(lab.Of("deaf").Processes!), lab.Netns("deaf"));
        lab.Daemon.Delete(new ObjectReference("Pod", "shop/deaf"));
        lab.Daemon.Kill();
        lab.Daemon.Start();
        Assert.Null(lab.Find("deaf"));
        // It is closed before its programs end.
        Assert.False(File.Exists($"/run/netns/{netns}"));
        Steady.Until(() => ProcessHandle.StartTicksOf(process.Id) != process.StartTicks, "its program has ended");
    }

    [Fact]
    public void Without_a_runtime_nothing_is_left_running()
    {
        using var lab = new ProgramsLab(Pod("one", Waiting));
        lab.Await("one", "Running");
        var process = Assert.Single(lab.Of("one").Processes!);
        lab.Daemon.Stop();
        using (var none = Process.Start(lab.Start("daemon", "--node-name", lab.Daemon.NodeName, "--socket",
            lab.Daemon.Socket, "--state-dir", lab.Daemon.StateDirectory, "--log-level", "error"))!)
        {
            Steady.Until(() => ProcessHandle.StartTicksOf(process.Id) != process.StartTicks, "it has ended");
            none.Kill();
            none.WaitForExit();
        }
        lab.Daemon.Start();
        lab.Await("one", "Running", "1/1");
    }
}
