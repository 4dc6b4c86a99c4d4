using System.Diagnostics;
using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.Service;

/// <summary>
/// The daemon as the unit of deploy/ starts it: its capabilities, user, directories and system calls, and nothing more.
/// </summary>
public sealed class ServiceTests : IDisposable
{
    private const int Patience = 60_000;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "dataplane");

    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {clusterIP: 10.96.7.7, ports: [{port: 80}]}

        """;

    private readonly TempDirectory _directory = new();
    private readonly ServiceUnit _unit = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(true, "DATAPLANE_ADMIN_GROUP=daemon")]
    [InlineData(true, "DATAPLANE_NODE=host")]
    public void It_starts_enforces_and_stops(bool isFiltered, string option)
    {
        string? filter = null;
        if (isFiltered)
        {
            Assert.SkipWhen(CallFilter.WhyNot is not null, CallFilter.WhyNot ?? "");
            File.WriteAllBytes(filter = _directory["filter"], CallFilter.Of(_unit));
        }
        // A host node is this namespace's: the machine's own is left alone.
        using var host = TestNetns.Create();
        using var notices = new Notices(_directory["notify"]);
        using var daemon = Start(host, _unit.Capabilities, filter, notices, option);
        Assert.True(notices.Await("READY=1"), "it is not ready");
        Says(daemon, "apply", "-f", SourceTree.Full("examples/demo"), "--wait");
        Says(daemon, "verify");
        Says(daemon, "status");
        Says(daemon, "trace", "shop/front", "shop/cart", "--port", "tcp/8080");
        // The name server takes from the unit what it needs to begin, and answers as nobody.
        Says(daemon, "apply", "-f", _directory.Write("service.yaml", Service), "--wait");
        Assert.True(SpinWait.SpinUntil(
            () => Inside(daemon, Program, "dns", "web", "--from", "shop/front").ExitCode == 0, Patience),
            Inside(daemon, Program, "status").Output);
        if (option.Contains("GROUP", StringComparison.Ordinal))
        {
            Assert.Equal("660 daemon\n",
                Inside(daemon, "stat", "-c", "%a %G", "/run/dataplane/dataplane.sock").Succeeded());
        }
        Process.Start("kill", $"-HUP {daemon.Id}").WaitForExit();
        Assert.True(notices.Await("STATUS=reloaded"), "it does not reload");
        // An update: the next daemon takes over what is enforced.
        Stop(daemon);
        Assert.Contains("node", Inside(_holder!, Program, "cleanup").Error, StringComparison.Ordinal);
        var gone = Inside(_holder!, Program, "cleanup",
            option.Contains("host", StringComparison.Ordinal) ? "--node-host" : "--node=dataplane");
        Assert.Equal(0, gone.ExitCode);
        Assert.Equal("", Inside(_holder!, "ls", "/run/netns").Succeeded());
        _holder!.Kill();
        _holder.WaitForExit();
    }

    /// <summary>
    /// Members of the groups, at the default socket in the directory that systemd makes; and they cannot lock the
    /// node's lock there, which would keep the next daemon out.
    /// </summary>
    [Theory]
    [InlineData(AdminGroup, "", "200 400", "0 0", "0 0")]
    [InlineData("", ReadGroup, "0 0", "200 403", "0 0")]
    [InlineData(AdminGroup, ReadGroup, "200 400", "200 403", "403 403")]
    [InlineData("", "", "0 0", "0 0", "0 0")]
    public void Members_of_the_groups_reach_the_default_socket(
        string admins, string readers, string ofAdmin, string ofReader, string ofOthers)
    {
        // A status, and an apply of nothing, which is understood and refused; 0: the socket is out of reach.
        const string client = """
            use IO::Socket::UNIX; use Fcntl ":flock";
            open(my $lock, "<", "/run/dataplane/dataplane.lock") && flock($lock, LOCK_SH | LOCK_NB) and die "locked";
            for ("GET /v1/status", "POST /v1/apply") {
                my $s = IO::Socket::UNIX->new(Peer => "/run/dataplane/dataplane.sock");
                print $s "$_ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n",
                    '{"files":[]}' if $s;
                my $line = $s ? scalar <$s> : "";
                print $line =~ /^HTTP.1.1 (\d+)/ ? $1 : 0, " ";
            }
            """;
        using var host = TestNetns.Create();
        using var notices = new Notices(_directory["notify"]);
        string[] options = [.. new[] { ("ADMIN", admins), ("READ", readers) }.Where(o => o.Item2.Length > 0)
            .Select(o => $"DATAPLANE_{o.Item1}_GROUP={o.Item2}")];
        using var daemon = Start(host, _unit.Capabilities, null, notices, options);
        Assert.True(notices.Await("READY=1"), "it is not ready");
        var seen = (As(AdminGroup), As(ReadGroup), As("65534"));
        Stop(daemon);
        Inside(_holder!, Program, "cleanup", "--node=dataplane").Succeeded();
        _holder!.Kill();
        _holder.WaitForExit();
        Assert.Equal((ofAdmin, ofReader, ofOthers), seen);

        string As(string group) => Inside(daemon, "setpriv", "--reuid=65534", "--regid=65534", $"--groups={group}",
            "perl", "-e", client).Succeeded().Trim();
    }

    private const string AdminGroup = "54321", ReadGroup = "54322";

    [Theory]
    [InlineData("CAP_NET_BROADCAST")]
    [InlineData("CAP_NET_ADMIN")]
    [InlineData("CAP_NET_RAW")]
    [InlineData("CAP_SYS_ADMIN")]
    public void Each_capability_is_asked_for_before_anything_is_made(string without)
    {
        using var host = TestNetns.Create();
        using var notices = new Notices(_directory["notify"]);
        using var daemon = Start(host, _unit.Capabilities.Where(c => c != without), null, notices, "");
        Assert.True(daemon.WaitForExit(Patience));
        Assert.Equal(4, daemon.ExitCode);
        Assert.Contains($"root lacks {without} here", daemon.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    /// <summary>Keeps the mount namespace when the daemon has ended.</summary>
    private Process? _holder;

    private Process Start(TestNetns host, IEnumerable<string> capabilities, string? filter, Notices notices,
        params string[] options)
    {
        var script = _unit.CommandLine(Program, capabilities, filter);
        var start = new ProcessStartInfo("nsenter",
            [$"--net=/run/netns/{host.Name}", "unshare", "--mount", "--propagation", "private", "sh", "-c", script])
        { RedirectStandardError = true };
        start.Environment["NOTIFY_SOCKET"] = notices.Path;
        foreach (var option in options.Where(o => o.Length > 0))
            start.Environment[option.Split('=')[0]] = option.Split('=')[1];
        var daemon = Process.Start(start)!;
        daemon.EnableRaisingEvents = true;
        daemon.Exited += (_, _) => notices.End();
        return daemon;
    }

    private static void Says(Process daemon, params string[] arguments)
    {
        var said = Inside(daemon, [Program, .. arguments]);
        Assert.True(said.ExitCode == 0, $"{string.Join(' ', arguments)}: {said.ExitCode}\n{said.Output}\n{said.Error}");
    }

    private void Stop(Process daemon)
    {
        _holder = Process.Start("nsenter", ["--mount", "--net", "--target", $"{daemon.Id}", "sleep", "infinity"])!;
        SpinWait.SpinUntil(() => new FileInfo($"/proc/{_holder.Id}/ns/mnt").LinkTarget
            == new FileInfo($"/proc/{daemon.Id}/ns/mnt").LinkTarget,
            Patience);
        Process.Start("kill", $"-TERM {daemon.Id}").WaitForExit();
        Assert.True(daemon.WaitForExit(Patience), "it does not stop");
        Assert.Equal(0, daemon.ExitCode);
    }

    private static ToolResult Inside(Process process, params string[] command) =>
        Tool.Run("nsenter", ["--mount", "--net", "--target", $"{process.Id}", .. command]);
}
