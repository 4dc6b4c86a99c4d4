using System.Diagnostics;
using Dataplane.Api;
namespace Dataplane.Integration.Live;

/// <summary>
/// <c>dataplane exec</c>, as a process: what it becomes is in the pod's network and otherwise on its own.
/// </summary>
public sealed class ExecTests : IDisposable
{
    private const int SigPipe = 13, Kill = 9;

    private readonly TestNetns _pod = TestNetns.Create();
    private readonly TempDirectory _directory = new();
    private readonly CannedDaemon _daemon;

    public ExecTests()
    {
        _daemon = new CannedDaemon(Socket).Says("GET /v1/pods",
            new PodsResponse(_pod.Name, "dp0", "", "", [new PodEntry("x/a", null, null) { Netns = _pod.Name },
                new PodEntry("x/host", null, null) { HostNetwork = true }]), ApiJson.Default.PodsResponse);
        // What the first exec of a daemon says is said already: stderr is the program's alone.
        File.WriteAllText(Socket + ApiPaths.ToldSuffix, "");
    }

    private string Socket => _directory["s"];

    public void Dispose()
    {
        _daemon.Dispose();
        _directory.Dispose();
        _pod.Dispose();
    }

    [Theory]
    [InlineData("x/a")]
    [InlineData("x/host")]
    public void It_runs_in_the_namespace_and_sees_its_sys(string pod)
    {
        var (exit, output, error) = Run("", pod, "sh", "-c", "readlink /proc/self/ns/net; ls /sys/class/net");
        Assert.Equal((0, "lo\n", ""), (exit, output[(output.IndexOf('\n', StringComparison.Ordinal) + 1)..], error));
        Assert.Equal(_pod.Exec("readlink", "/proc/self/ns/net").Trim(),
            output[..output.IndexOf('\n', StringComparison.Ordinal)]);
    }

    [Fact]
    public void Input_exit_code_and_signals_are_its_own()
    {
        Assert.Equal((42, "hello", ""), Run("hello", "x/a", "sh", "-c", "cat; exit 42"));
        // What a child of this program inherits, but for SIGPIPE: the runtime ignores it, and that is not left behind.
        const string masks = "/^Sig(Blk|Ign)/ { print $2 }";
        var inherited = InNetns.Exec(_pod.Name, "awk", $"\"{masks}\" /proc/self/status").Split('\n')
            .Select(mask => mask.Length == 0 ? "" : $"{Convert.ToUInt64(mask, 16) & ~(1ul << SigPipe - 1):x16}");
        Assert.Equal((0, string.Join('\n', inherited), ""), Run("", "x/a", "awk", masks, "/proc/self/status"));
        Assert.Equal(128 + Kill, Run("", "x/a", "sh", "-c", "kill -9 $$").Exit);
    }

    [Fact]
    public void Mounts_stay_its_own()
    {
        var before = File.ReadAllText("/proc/self/mountinfo")
            .Split('\n')
            .Count(l => l.Contains(" /sys ", StringComparison.Ordinal));
        Assert.Equal(0, Run("", "x/a", "true").Exit);
        Assert.Equal(before, File.ReadAllText("/proc/self/mountinfo")
            .Split('\n')
            .Count(l => l.Contains(" /sys ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Programs_that_cannot_be_run()
    {
        Assert.Equal((127, "", "dataplane: no-such-program: no such program on this machine, whose files a pod uses\n"),
            Run("", "x/a", "no-such-program"));
        Assert.Equal((126, "", "dataplane: /etc/passwd: Permission denied\n"), Run("", "x/a", "/etc/passwd"));
    }

    private (int Exit, string Output, string Error) Run(string input, string pod, params string[] command)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "dataplane"),
            ["exec", "--socket", Socket, "-i", pod, "--", .. command]);
        var result = Tool.Run(start, input);
        return (result.ExitCode, result.Output, result.Error);
    }
}
