using Dataplane.Integration.Chaos;
using Dataplane.Integration.Observation;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Promises;

/// <summary>
/// Every command that asks the daemon, through the program, beside live traffic: what it says and its exit code.
/// </summary>
public sealed class ProgramTests : IDisposable
{
    private const string Deny = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: steady}
        spec: {podSelector: {matchLabels: {app: server}}}

        """;

    private readonly DaemonProcess _daemon = new();
    private readonly TempDirectory _directory = new();

    public void Dispose()
    {
        _daemon.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Questions_are_answered_beside_traffic()
    {
        Begin();
        using var talk = Talk.Between(_daemon, Steady.Client, Steady.Server);
        using var following = new Command(_daemon.Socket, "flows", "-f", "--probes", "-o", "json");
        Says(0, ["status"], "generation");
        Says(0, ["get", "pods", "-A", "-o", "wide"], "10.244.0.");
        Says(0, ["get", "networkpolicies", "-n", "steady"], "server");
        Says(0, ["describe", "pod", "server", "-n", "steady"], "steady/server");
        Says(0, ["describe", "networkpolicy", "server", "-n", "steady"], "steady.yaml");
        Says(0, ["topology"], "dp0");
        Says(0, ["rules"], "table inet dataplane");
        Says(0, ["matrix"], "steady/client");
        Says(0, ["why", Steady.Client, Steady.Server, "--port", "tcp/7"], "steady.yaml:");
        Says(0, ["why", Steady.Intruder, Steady.Server, "--port", "tcp/7"], "DENIED");
        Says(0, ["trace", Steady.Client, Steady.Server, "--port", "tcp/7"], "bridge prerouting");
        Says(1, ["trace", Steady.Intruder, Steady.Server, "--port", "tcp/7"], "denied (ingress): policy steady/server");
        // With the flow log's reader beside it.
        Says(0, ["verify"], "");
        talk.BothWays();
        Says(
            0, ["flows", "--verdict", "denied", "--pod", Steady.Server, "--last", "1000", "--probes"],
            "steady/intruder");
        Says(0, ["diff", "-f", File("steady.yaml", Steady.All)], "");
        Says(1, ["diff", "--prune", "-f", File("steady.yaml", Steady.Pods)], "steady/intruder");
        Says(0, ["doctor"], "");
        Says(1, ["describe", "pod", "nobody", "-n", "steady"], "");
        following.Signal("INT");
        var followed = following.End();
        Assert.Equal(0, followed.ExitCode);
        Assert.Contains("\"steady/intruder\"", followed.Output, StringComparison.Ordinal);
        ThreadHome.AssertAllHome();
    }

    /// <summary>What a dry run says, happens; what it does not name, stays.</summary>
    [Fact]
    public void A_tightening_is_told_before_and_cuts_after()
    {
        Begin();
        using var talk = Talk.Between(_daemon, Steady.Client, Steady.Server);
        var deny = File("deny.yaml", Deny);
        Says(0, ["apply", "-f", deny, "--dry-run"], "networkpolicy/steady/deny");
        talk.BothWays();
        // Beside the policy that allows, one that selects the same pod allows nothing less.
        var open = Run("apply", "-f", deny, "--wait=20");
        Assert.Equal((0, 0), (open.ExitCode, Cut(open.Output)));
        talk.BothWays();
        var alone = File("alone.yaml", Steady.Pods + "---\n" + Deny);
        var rehearsed = Run("apply", "-f", alone, "--prune", "--dry-run");
        Assert.True((0, 2) == (rehearsed.ExitCode, Cut(rehearsed.Output)), rehearsed.Output + rehearsed.Error);
        talk.BothWays();
        var closed = Run("apply", "-f", alone, "--prune", "--wait=20");
        Assert.Equal((0, 2), (closed.ExitCode, Cut(closed.Output)));
        Assert.Contains("steady/client", closed.Output, StringComparison.Ordinal);
        Assert.Contains("DENIED", closed.Error, StringComparison.Ordinal);
        talk.AssertSilent();
        ThreadHome.AssertAllHome();

        static int Cut(string output) => output.Split('\n').Count(l => l.StartsWith("cut", StringComparison.Ordinal)
            || l.StartsWith("would cut", StringComparison.Ordinal));
    }

    [Fact]
    public void A_capture_that_is_interrupted_is_a_whole_file()
    {
        var file = _directory["c.pcapng"];
        Begin();
        using var talk = Talk.Between(_daemon, Steady.Client, Steady.Server);
        using var capture = new Command(_daemon.Socket, "capture", Steady.Server, "-w", file);
        Steady.Until(() =>
        {
            talk.BothWays();
            return System.IO.File.Exists(file) && new FileInfo(file).Length > 10_000;
        }, "packets are written");
        capture.Signal("INT");
        var ended = capture.End();
        Assert.Equal((0, ""), (ended.ExitCode, ended.Output));
        var frames = PcapngFile.Read(System.IO.File.ReadAllBytes(file), out _);
        Assert.EndsWith($"{frames.Count} packets\n", ended.Error, StringComparison.Ordinal);
        Assert.Contains(frames, f => f.Comment == "allowed");
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void What_runs_in_a_pod_outlives_it_without_a_network()
    {
        Begin();
        using var running = new Command(_daemon.Socket, "exec", Steady.Intruder, "--", "sh", "-c",
            "trap 'exit 7' TERM; cat; ls /sys/class/net; echo end; while :; do sleep 1; done");
        running.Input.WriteLine("hello");
        Assert.Equal("hello", Line(running));
        Says(0, ["delete", "pod", "intruder", "-n", "steady"], "deleted");
        running.Input.Close();
        Assert.Equal(("lo", "end"), (Line(running), Line(running)));
        running.Signal("TERM");
        Assert.Equal(7, running.End().ExitCode);
        Says(0, ["apply", "-f", File("again.yaml", Steady.Pod("intruder"))], "created");
        Assert.Equal("eth0\nlo\n", Run("exec", Steady.Intruder, "--", "ls", "/sys/class/net").Output);
        Says(1, ["exec", "steady/nobody", "--", "true"], "");

        // A terminal is the program's own: script(1) makes one.
        var typed = Run("exec", Steady.Client, "--", "tty");
        Assert.Equal((1, "not a tty\n"), (typed.ExitCode, typed.Output));
        using var terminal = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("script",
            ["-qec", $"{Path.Combine(AppContext.BaseDirectory, "dataplane")} exec --socket {_daemon.Socket} -it "
                + $"{Steady.Client} -- sh -c 'tty; exit 9'", "/dev/null"])
        { RedirectStandardOutput = true })!;
        Assert.StartsWith("/dev/pts/", terminal.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        terminal.WaitForExit();
        Assert.Equal(9, terminal.ExitCode);
        ThreadHome.AssertAllHome();
    }

    private void Begin() => Says(0, ["apply", "-f", File("steady.yaml", Steady.All)], "pod/steady/client created");

    private static string Line(Command command)
    {
        var line = command.Output.ReadLineAsync();
        Assert.True(line.Wait(PodSocket.Patience), "it says nothing");
        return line.Result!;
    }

    private string File(string name, string text) => _directory.Write(name, text);

    private ToolResult Run(params string[] arguments) => Command.Run(_daemon, arguments);

    private void Says(int exit, string[] arguments, string part)
    {
        var result = Run(arguments);
        Assert.True(result.ExitCode == exit && (result.Output + result.Error).Contains(part, StringComparison.Ordinal),
            $"{string.Join(' ', arguments)}: {result.ExitCode}\n{result.Output}\n{result.Error}");
    }
}
