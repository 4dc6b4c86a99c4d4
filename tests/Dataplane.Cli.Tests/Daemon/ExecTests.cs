using Dataplane.Api;
using Dataplane.Cli.Exec;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests;

/// <summary>What exec and describe say about programs, up to the moment when the program runs.</summary>
public sealed class ExecTests : IDisposable
{
    private readonly Cli _cli = new() { IsRoot = true };
    private readonly CannedDaemon _daemon;

    public ExecTests()
    {
        PodEntry[] pods = [new("x/web", null, null) { Netns = "dataplane-cli-test-never" }];
        _daemon = new CannedDaemon(_cli.Socket).Says(
            "GET /v1/pods", new PodsResponse("n", "dp0", "", "", pods), ApiJson.Default.PodsResponse);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Theory]
    [InlineData("NET_ADMN")]
    [InlineData("")]
    [InlineData("CAP_CAP_KILL")]
    public void A_capability_that_nobody_knows_is_refused(string name)
    {
        var outcome = _cli.Run("exec", "--cap-add", name, "x/web", "--", "true");
        Assert.Equal(2, outcome.Exit);
        Assert.StartsWith($"dataplane: --cap-add {name}: no such capability; there are ALL, CHOWN, DAC_OVERRIDE, ",
            outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("curl", "curl")]
    [InlineData("wget", "wget")]
    [InlineData("nslookup", "bind9-dnsutils")]
    [InlineData("dig", "bind9-dnsutils")]
    [InlineData("ping", "iputils-ping")]
    [InlineData("nc", "netcat-openbsd")]
    [InlineData("tcpdump", "tcpdump")]
    [InlineData("iperf3", "iperf3")]
    [InlineData("ip", "iproute2")]
    [InlineData("ss", "iproute2")]
    [InlineData("traceroute", "traceroute")]
    public void A_program_that_is_not_there_names_its_package(string program, string package)
    {
        _cli.Variables["PATH"] = "/nowhere";
        _cli.Run("exec", "x/web", "--", program, "-x").ShouldFail(127,
            $"dataplane: {program}: no such program on this machine, whose files a pod uses; Debian has it in "
                + $"{package}: sudo apt install {package}");
    }

    [Fact]
    public void A_program_that_nobody_knows()
    {
        _cli.Variables["PATH"] = "/nowhere";
        _cli.Run("exec", "x/web", "--", "no-such-program").ShouldFail(127,
            "dataplane: no-such-program: no such program on this machine, whose files a pod uses");
    }

    [Fact]
    public void A_path_and_a_program_of_PATH_are_left_to_the_system()
    {
        Assert.Null(Programs.Missing("./nc", "/nowhere"));
        Assert.Null(Programs.Missing("sh", "/usr/bin:/bin"));
        Assert.Null(Programs.Missing("sh", null));
        Assert.NotNull(Programs.Missing("sh", "/nowhere"));
    }

    [Fact]
    public void The_first_exec_says_that_images_do_not_run()
    {
        _cli.Variables["PATH"] = "/usr/bin:/bin";
        var first = _cli.Run("exec", "x/web", "--", "true");
        Assert.StartsWith("note: the image of x/web does not run: a pod is a network namespace, in which only programs "
            + "run that exec starts; to serve a port: sudo dataplane exec x/web -- nc -lk PORT\n",
            first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("note:", _cli.Run("exec", "x/web", "--", "true").Error, StringComparison.Ordinal);
        // A new daemon removes the record.
        File.Delete(_cli.Socket + ApiPaths.ToldSuffix);
        Assert.Contains("note:", _cli.Run("exec", "x/web", "--", "true").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_that_cannot_be_written_is_no_failure()
    {
        using var shell = new Shell(Stream.Null, new StringWriter(), TextReader.Null);
        FirstExec.Tell(shell, "/nowhere/s", "x/web");
        Assert.Contains("does not run", shell.Error.ToString()!, StringComparison.Ordinal);
    }
}
