using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dataplane.Integration.Promises;
using Dataplane.Linux.Programs;
using static Dataplane.Integration.Programs.ProgramsLab;

namespace Dataplane.Integration.Programs;

/// <summary>Pods of the textbook run, answer, write and are entered as one knows them.</summary>
public sealed class RunningPodTests
{
    /// <summary>Of curl(1): refused, and no answer in time.</summary>
    private const int Refused = -7, Silence = -28;

    [Fact]
    public void A_pod_without_command_answers_by_its_Service_and_a_policy_stops_who_may_not_ask()
    {
        Need();
        using var lab = new ProgramsLab(Pod("web", Answering) + Pod("client", Waiting, app: "client")
            + Pod("other", Waiting, app: "other") + WebService);
        lab.Await("web", "Running", "1/1");
        lab.Await("client", "Running", "1/1");
        lab.Await("other", "Running", "1/1");
        var said = lab.Exec("client", "curl", "-s", "-m", "5", "http://web-service/hello").Succeeded();
        Assert.StartsWith("shop/web TCP ", said, StringComparison.Ordinal);
        Assert.Contains("GET /hello", said, StringComparison.Ordinal);
        Assert.Equal(200, lab.Curl("other", "http://web-service"));
        lab.Daemon.Apply("policy.yaml", """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web, namespace: shop}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress: [{from: [{podSelector: {matchLabels: {app: client}}}]}]

            """);
        Assert.Equal(200, lab.Curl("client", "http://web-service"));
        Assert.Equal(Silence, lab.Curl("other", "http://web-service"));
    }

    [Fact]
    public void Get_and_describe_say_what_runs_in_the_words_of_kubectl()
    {
        using var lab = new ProgramsLab(Pod("web", Answering) + Pod("crash", Script("echo oops >&2; exit 3"))
            + Pod("done", Script("exit 0"), "restartPolicy: Never")
            + Pod("absent", "{name: c, image: x, command: [no-such-program]}"));
        lab.Await("web", "Running", "1/1");
        lab.Await("crash", "CrashLoopBackOff", "0/1");
        lab.Await("done", "Completed", "0/1");
        Steady.Until(() => lab.Of("absent").Summary!.Status is "CrashLoopBackOff" or "RunContainerError", "absent");
        var table = lab.Run("get", "pods", "-n", "shop").Succeeded().Split('\n');
        Assert.Matches("^NAME +READY +STATUS +RESTARTS +AGE +IPV4 +IPV6 +LABELS$", table[0]);
        Assert.Matches(@"^crash +[01]/1 +(CrashLoopBackOff|Error|Running) +[1-9]\d* \(\d+s ago\) +\d+s +10\.",
            Row("crash"));
        Assert.Matches(@"^done +0/1 +Completed +0 +\d+s +10\.", Row("done"));
        Assert.Matches(@"^web +1/1 +Running +0 +\d+s +10\.", Row("web"));
        // Now and then it runs.
        Steady.Until(() => Regex.IsMatch(lab.Run("describe", "pod", "shop/crash").Succeeded(),
            @"State: +Waiting\n +Reason: +CrashLoopBackOff\n +Message: +back-off \d+s restarting failed "
            + @"container=c pod=crash_shop\n +Last State: +Terminated\n +Reason: +Error\n +Exit Code: +3\n"),
            () => lab.Run("describe", "pod", "shop/crash").Succeeded());
        Steady.Until(() => lab.Run("describe", "pod", "shop/absent").Succeeded().Contains(
            "exec: \"no-such-program\": executable file not found in $PATH", StringComparison.Ordinal),
            () => lab.Run("describe", "pod", "shop/absent").Succeeded());
        var entry = lab.Of("crash").Status!;
        Assert.Equal("Running", entry.Phase);
        Assert.Equal(3, Assert.Single(entry.ContainerStatuses).LastState!.Terminated!.ExitCode);
        Assert.Contains("#   containerStatuses:\n#   - name: c\n#     ready: true\n",
            lab.Run("get", "pod", "shop/web", "-o", "yaml").Succeeded(), StringComparison.Ordinal);
        var waiting = lab.Run("apply", "-f", Write(lab, Pod("absent2",
            "{name: c, image: x, command: [no-such-program]}")), "--wait=3");
        Assert.Equal(6, waiting.ExitCode);
        Assert.Contains("pod shop/absent2 is not ready: container c ", waiting.Error, StringComparison.Ordinal);
        Assert.Equal(0, lab.Run("apply", "-f", Write(lab, Pod("web2", Answering)), "--wait=20").ExitCode);

        string Row(string pod) => Assert.Single(table, l => l.StartsWith($"{pod} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Logs_are_those_of_the_container_that_is_asked_for()
    {
        using var lab = new ProgramsLab(Pod("one", Script("echo first; echo second >&2; exec sleep 5000"))
            + Pod("two", "{name: a, image: x, command: [sleep, '5000']}, {name: b, image: x, command: [sh, -c, "
                + "'echo from b; exec sleep 5000']}")
            + Pod("crash", Script("echo run; exit 1")));
        lab.Await("one", "Running");
        lab.Await("two", "Running", "2/2");
        lab.Await("crash", "CrashLoopBackOff");
        Steady.Until(() => lab.Run("logs", "shop/one").Succeeded() == "first\nsecond\n", "both lines");
        Assert.Equal("second\n", lab.Run("logs", "shop/one", "--tail", "1").Succeeded());
        Assert.Equal("", lab.Run("logs", "shop/one", "--tail", "0").Succeeded());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z first\n", lab.Run("logs", "shop/one", "--timestamps")
            .Succeeded());
        Steady.Until(() => lab.Run("logs", "shop/two", "-c", "b").Succeeded() == "from b\n", "of b");
        Assert.Equal("run\n", lab.Run("logs", "shop/crash", "--previous").Succeeded());
        No("a container name must be specified for pod two, choose one of: [a b]", "shop/two");
        No("container x is not valid for pod two", "shop/two", "-c", "x");
        No("previous terminated container \"c\" in pod \"one\" not found", "shop/one", "-p");
        No("pods \"three\" not found", "shop/three");

        void No(string why, params string[] arguments)
        {
            var result = lab.Run(["logs", .. arguments]);
            Assert.Equal((1, $"dataplane: {why}\n"), (result.ExitCode, result.Error));
        }
    }

    [Fact]
    public void A_log_that_is_followed_goes_on_until_the_container_ends()
    {
        using var lab = new ProgramsLab(Pod("one",
            Script($"echo begun; while [ ! -e {Signal()} ]; do sleep 0.05; done; echo told; exit 0"),
            "restartPolicy: Never"));
        lab.Await("one", "Running");
        var start = lab.Start("logs", "-f", "shop/one");
        start.RedirectStandardOutput = true;
        using var following = Process.Start(start)!;
        Assert.Equal("begun", following.StandardOutput.ReadLine());
        File.WriteAllText(Signal(), "");
        try
        {
            Assert.Equal("told", following.StandardOutput.ReadLine());
            Assert.Null(following.StandardOutput.ReadLine());
            Assert.True(following.WaitForExit(TimeSpan.FromSeconds(30)));
            Assert.Equal(0, following.ExitCode);
        }
        finally
        {
            File.Delete(Signal());
        }

        static string Signal() => $"/tmp/{nameof(RunningPodTests)}.{Environment.ProcessId}";
    }

    [Fact]
    public void Exec_is_beside_the_program_of_the_container()
    {
        using var lab = new ProgramsLab(Pod("one", Script("exec sleep 5000", "env: [{name: COLOUR, value: blue}], "
            + "workingDir: /tmp, securityContext: {runAsUser: 1234, runAsGroup: 4321}"))
            + Pod("two", "{name: a, image: x, command: [sleep, '5000']}, {name: b, image: x, command: [sleep, '5001']}")
            + Pod("done", Script("exit 0"), "restartPolicy: Never")
            + Pod("crash", Script("exit 1")));
        lab.Await("one", "Running");
        lab.Await("two", "Running", "2/2");
        lab.Await("done", "Completed");
        lab.Await("crash", "CrashLoopBackOff");
        var process = Assert.Single(lab.Of("one").Processes!);
        Assert.Equal(ProcessHandle.StartTicksOf(process.Id), process.StartTicks);
        Assert.Equal("blue /tmp 1234 4321 one\n",
            lab.Exec("one", "sh", "-c", "echo $COLOUR $(pwd) $(id -u) $(id -g) $(hostname)").Succeeded());
        foreach (var what in (string[])["mnt", "uts", "net"])
        {
            // A symbolic link of another user's process is closed to this one.
            Assert.Equal(new FileInfo($"/proc/{process.Id}/ns/{what}").LinkTarget,
                lab.Exec("one", "readlink", $"/proc/self/ns/{what}").Succeeded().TrimEnd());
        }
        Assert.Equal(File.ReadAllText($"/proc/{process.Id}/cgroup"),
            lab.Exec("one", "cat", "/proc/self/cgroup").Succeeded());
        Assert.Equal(Field(File.ReadAllText($"/proc/{process.Id}/status"), "CapBnd"),
            Field(lab.Exec("one", "cat", "/proc/self/status").Succeeded(), "CapBnd"));
        Assert.Equal("0\n", lab.Exec("two", "id", "-u").Succeeded());
        Assert.Equal("Defaulted container \"a\" out of: a, b\n", lab.Exec("two", "true").Error);
        Assert.Equal("", lab.Run("exec", "shop/two", "-c", "b", "--", "true").Error);
        Assert.Equal(42, lab.Exec("one", "sh", "-c", "exit 42").ExitCode);
        Assert.Equal("dataplane: cannot exec into a container in a completed pod; current phase is Succeeded\n",
            lab.Exec("done", "true").Error);
        Assert.Equal("dataplane: unable to upgrade connection: container not found (\"c\")\n",
            lab.Exec("crash", "true").Error);
        Assert.Equal("dataplane: container x is not valid for pod two\n",
            lab.Run("exec", "shop/two", "-c", "x", "--", "true").Error);

        static string Field(string status, string name) =>
            Assert.Single(status.Split('\n'), l => l.StartsWith($"{name}:", StringComparison.Ordinal));
    }

    [Fact]
    public void An_endpoint_that_is_not_ready_gets_nothing_and_none_at_all_refuses()
    {
        Need();
        using var files = new TempDirectory();
        string Probed(string name) => Pod(name, Answering.Replace("}]}", "}], readinessProbe: {exec: {command: "
            + $"[test, -e, {files[name]}]}}, periodSeconds: 1, failureThreshold: 1}}}}", StringComparison.Ordinal));
        using var lab = new ProgramsLab(Probed("a") + Probed("b") + Pod("client", Waiting, app: "client") + WebService);
        lab.Await("client", "Running");
        lab.Await("a", "Running", "0/1");
        lab.Await("b", "Running", "0/1");
        // As soon as there is an answer to its name.
        Steady.Until(() => lab.Curl("client", "http://web-service") == Refused, "it refuses");
        Ready("a", true);
        Assert.Equal(["shop/a"], Answers());
        Ready("b", true);
        Assert.Equal(["shop/a", "shop/b"], Answers());
        Ready("a", false);
        Assert.Equal(["shop/b"], Answers());
        Assert.Contains("Not ready", lab.Run("describe", "svc", "shop/web-service").Succeeded(),
            StringComparison.Ordinal);
        Ready("b", false);
        Assert.Equal(Refused, lab.Curl("client", "http://web-service"));

        void Ready(string pod, bool isReady)
        {
            if (isReady) File.WriteAllText(files[pod], "");
            else File.Delete(files[pod]);
            lab.Await(pod, "Running", isReady ? "1/1" : "0/1");
            // The snapshot that tells of it is that of the kernel.
            Steady.Until(() => lab.Daemon.State().NotReady!.Contains($"shop/{pod}") != isReady, pod);
        }

        // More requests than it takes to reach both, were there two.
        string[] Answers() => [.. lab.Exec("client", "sh", "-c",
            "for i in $(seq 40); do curl -s -m 5 http://web-service/ | head -1; done").Succeeded()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]).Distinct()
            .Order(StringComparer.Ordinal)];
    }

    private static string Write(ProgramsLab lab, string text)
    {
        var path = $"{lab.Daemon.StateDirectory}/{text.GetHashCode(StringComparison.Ordinal).ToString(
            CultureInfo.InvariantCulture)}.yaml";
        File.WriteAllText(path, text);
        return path;
    }

    private static void Need() => Assert.SkipUnless(File.Exists("/usr/bin/curl"), "curl is not installed");
}
