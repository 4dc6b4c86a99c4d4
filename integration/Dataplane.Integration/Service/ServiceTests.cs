using System.Diagnostics;
using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.Service;

/// <summary>The daemon as the unit of deploy/ starts it: its capabilities, user, directories and system calls, and
/// nothing more.</summary>
public sealed class ServiceTests : IDisposable
{
    private const int Patience = 60_000;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "dataplane");

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
        if (option.Contains("GROUP", StringComparison.Ordinal))
            Assert.Equal("660 daemon\n", Inside(daemon, "stat", "-c", "%a %G", "/run/dataplane/dataplane.sock")
                .Succeeded());
        Process.Start("kill", $"-HUP {daemon.Id}").WaitForExit();
        Assert.True(notices.Await("STATUS=reloaded"), "it does not reload");
        // An update: the next daemon takes over what is enforced.
        Stop(daemon);
        Assert.Contains("node", Inside(_holder!, Program, "cleanup").Error, StringComparison.Ordinal);
        var gone = Inside(_holder!, Program, "cleanup", option.Contains("host", StringComparison.Ordinal)
            ? "--node-host" : "--node=dataplane");
        Assert.Equal(0, gone.ExitCode);
        Assert.Equal("", Inside(_holder!, "ls", "/run/netns").Succeeded());
        _holder!.Kill();
        _holder.WaitForExit();
    }

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
        string option)
    {
        var script = _unit.CommandLine(Program, capabilities, filter);
        var start = new ProcessStartInfo("nsenter",
            [$"--net=/run/netns/{host.Name}", "unshare", "--mount", "--propagation", "private", "sh", "-c", script])
        { RedirectStandardError = true };
        start.Environment["NOTIFY_SOCKET"] = notices.Path;
        if (option.Length > 0) start.Environment[option.Split('=')[0]] = option.Split('=')[1];
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
        SpinWait.SpinUntil(() => MountsOf(_holder) == MountsOf(daemon), Patience);
        Process.Start("kill", $"-TERM {daemon.Id}").WaitForExit();
        Assert.True(daemon.WaitForExit(Patience), "it does not stop");
        Assert.Equal(0, daemon.ExitCode);
    }

    private static string? MountsOf(Process process) => new FileInfo($"/proc/{process.Id}/ns/mnt").LinkTarget;

    private static ToolResult Inside(Process process, params string[] command) =>
        Tool.Run("nsenter", ["--mount", "--net", "--target", $"{process.Id}", .. command]);
}
