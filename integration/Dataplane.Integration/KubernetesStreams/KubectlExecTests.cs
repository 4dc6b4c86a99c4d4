using static Dataplane.Integration.Programs.ProgramsLab;

namespace Dataplane.Integration.KubernetesStreams;

/// <summary>kubectl exec as people use it.</summary>
public sealed class KubectlExecTests
{
    /// <summary>Lines of proc_pid_status(5).</summary>
    private static readonly string[] Facts = ["Cap", "NoNewPrivs", "Uid", "Gid", "Groups"];

    [Fact]
    public void A_program_runs_in_the_container_and_its_output_input_and_exit_code_are_those_of_kubectl()
    {
        using var lab = new StreamsLab(Pod("a", Script("exec sleep 5000",
            "workingDir: /tmp, env: [{name: A, value: b}], "
            + "securityContext: {runAsUser: 1000, runAsGroup: 2000, allowPrivilegeEscalation: false}")));
        lab.Programs.Await("a", "Running", "1/1");
        Assert.Equal("1000 2000 b /tmp a\n", lab.Kubectl("exec", "a", "--", "sh", "-c",
            "echo $(id -u) $(id -g) $A $(pwd) $(cat /proc/sys/kernel/hostname)").Succeeded());
        var failed = lab.Kubectl("exec", "a", "--", "sh", "-c", "echo said; echo wrong >&2; exit 3");
        Assert.Equal((3, "said\n"), (failed.ExitCode, failed.Output));
        Assert.Equal("wrong\ncommand terminated with exit code 3\n", failed.Error);
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i}\n"));
        Assert.Equal(text, lab.Kubectl(["exec", "-i", "a", "--", "cat"], text).Succeeded());
    }

    [Fact]
    public void Its_streams_are_its_users_and_devices_stay_the_machines()
    {
        using var lab = new StreamsLab(Pod("a", Script("exec sleep 5000", "securityContext: {runAsUser: 1000}")));
        lab.Programs.Await("a", "Running", "1/1");
        var said = lab.Kubectl("exec", "a", "--", "sh", "-c", "echo out > /dev/stdout; echo bad > /dev/stderr");
        Assert.Equal((0, "out\n", "bad\n"), (said.ExitCode, said.Output, said.Error));
        Assert.Equal("0:0\n", Tool.Run("stat", "-c", "%u:%g", "/dev/null").Succeeded());
    }

    [Fact]
    public void It_has_no_more_than_the_container_has()
    {
        using var lab = new StreamsLab(Pod("a", Script("exec sleep 5000",
            "securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [CHOWN]}}")));
        lab.Programs.Await("a", "Running", "1/1");
        var facts = $"grep -E '^({string.Join('|', Facts)})' /proc/self/status; cat /proc/self/cgroup; "
            + "readlink /proc/self/ns/net /proc/self/ns/mnt /proc/self/ns/uts";
        var id = lab.Programs.Of("a").Processes![0].Id;
        var expected = File.ReadAllLines($"/proc/{id}/status")
            .Where(l => Facts.Any(f => l.StartsWith(f, StringComparison.Ordinal)))
            .Concat(File.ReadAllLines($"/proc/{id}/cgroup"))
            .Concat(((string[])["net", "mnt", "uts"]).Select(n => new FileInfo($"/proc/{id}/ns/{n}").LinkTarget!));
        Assert.Equal(expected.Select(Trimmed), lab.Kubectl("exec", "a", "--", "sh", "-c", facts).Succeeded()
            .TrimEnd().Split('\n').Select(Trimmed));

        static string Trimmed(string line) => line.TrimEnd();
    }

    [Fact]
    public void What_cannot_be_run_says_why()
    {
        using var lab = new StreamsLab(Pod("a", Waiting)
            + Pod("two", $"{Waiting}, {{name: d, image: x, command: [sleep, '5000']}}"));
        lab.Programs.Await("a", "Running", "1/1");
        lab.Programs.Await("two", "Running", "2/2");
        var missing = lab.Kubectl("exec", "a", "--", "no-such-program");
        Assert.Equal(127, missing.ExitCode);
        Assert.Equal("unable to start container process: exec: \"no-such-program\": executable file not found in "
            + "$PATH\ncommand terminated with exit code 127\n", missing.Error);
        Assert.Equal(126, lab.Kubectl("exec", "a", "--", "/etc/passwd").ExitCode);
        Assert.Equal(127, lab.Kubectl("exec", "a", "--", "/no/such").ExitCode);
        Assert.Contains("container x is not valid for pod a", lab.Kubectl("exec", "a", "-c", "x", "--", "ls").Error,
            StringComparison.Ordinal);
        Assert.Contains("pods \"no\" not found", lab.Kubectl("exec", "no", "--", "ls").Error, StringComparison.Ordinal);
        Assert.Equal("ok\n", lab.Kubectl("exec", "two", "-c", "d", "--", "echo", "ok").Succeeded());
    }

    [Fact]
    public void Beside_what_answers_a_program_has_as_little_as_that()
    {
        using var lab = new StreamsLab(Pod("web", Answering));
        lab.Programs.Await("web", "Running", "1/1");
        var said = lab.Kubectl("exec", "web", "--", "sh", "-c", "id -u; grep CapPrm /proc/self/status").Succeeded();
        Assert.Equal("65534\nCapPrm:\t0000000000000000\n", said);
    }

    [Fact]
    public void A_shell_has_a_terminal_of_its_own()
    {
        using var lab = new StreamsLab(Pod("a", Script("exec sleep 5000", "securityContext: {runAsUser: 1000}")));
        lab.Programs.Await("a", "Running", "1/1");
        var start = lab.Start("exec", "-it", "a", "--", "sh", "-c",
            "'tty; stty size; echo to tty > /dev/tty; read x; echo got $x; exit 4'");
        var command = string.Join(' ', (string[])[start.FileName, .. start.ArgumentList]);
        start.ArgumentList.Clear();
        start.FileName = "script";
        foreach (var word in (string[])["-qec", $"stty rows 33 cols 99; {command}", "/dev/null"])
            start.ArgumentList.Add(word);
        var said = Tool.Run(start, "word\n");
        Assert.Equal(4, said.ExitCode);
        Assert.Contains("/dev/pts/", said.Output, StringComparison.Ordinal);
        Assert.Contains("33 99", said.Output, StringComparison.Ordinal);
        Assert.Contains("to tty", said.Output, StringComparison.Ordinal);
        Assert.Contains("got word", said.Output, StringComparison.Ordinal);
    }
}
