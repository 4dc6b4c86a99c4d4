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

    /// <summary>
    /// The other end of eth0 tells a pod an id of the node's namespace, and netlink requests with it act there
    /// (IFLA_TARGET_NETNSID): what they need is CAP_NET_ADMIN, which a program that exec starts does not have.
    /// </summary>
    [Theory]
    [InlineData("", "own links, node: errno 13, delete: errno 1")]
    [InlineData("--cap-add SYS_PTRACE --cap-add net_raw", "own links, node: errno 13, delete: errno 1")]
    [InlineData("--cap-add CAP_NET_ADMIN", "own links, node: links, delete: done")]
    [InlineData("--privileged", "own links, node: links, delete: done")]
    public void The_nodes_links_are_out_of_reach_unless_it_is_asked_for(string options, string seen)
    {
        const string Requests = """
            use Socket; socket(S, 16, SOCK_RAW, 0) or die $!;
            sub ask {
                my ($type, $flags, $body) = @_;
                syswrite(S, pack("LSSLL", 16 + length($body), $type, $flags, 1, 0) . $body); sysread(S, my $a, 65536);
                my ($length, $kind, undef, undef, undef, $error) = unpack("LSSLLl", $a);
                while ($kind != 2 && $kind != 3 && $flags & 0x300) {
                    sysread(S, my $rest, 65536); last if unpack("x4S", $rest) == 3;
                }
                $kind != 2 && $kind != 3 ? "links" : $error ? "errno " . -$error : "done";
            }
            my $any = pack("CCSlLL", 0, 0, 0, 0, 0, 0); my $node = pack("SSl", 8, 46, 0);
            print "own ", ask(18, 0x301, $any), ", node: ", ask(18, 0x301, $any . $node),
                ", delete: ", ask(17, 5, $any . $node . pack("SSa8", 10, 3, "port0"));
            """;
        using var node = TestNetns.Create();
        node.Exec("ip", $"link add port0 type veth peer name eth0 netns {_pod.Name}");
        Assert.Equal((0, seen, ""), Run("", [.. Words(options), "x/a", "--", "perl", "-e", Requests]));
        Assert.Equal(seen.EndsWith("done", StringComparison.Ordinal),
            !node.Exec("ip", "-br link").Contains("port0", StringComparison.Ordinal));
    }

    /// <summary>The sets of Docker's default, oci/caps/defaults.go; of a hostNetwork pod as of any.</summary>
    [Theory]
    [InlineData("", "x/a", "00000000a80425fb")]
    [InlineData("", "x/host", "00000000a80425fb")]
    [InlineData("--cap-add NET_ADMIN", "x/a", "00000000a80435fb")]
    public void A_program_has_the_capabilities_of_a_container(string options, string pod, string all)
    {
        // Root of the machine may have fewer than all.
        var mine = Convert.ToUInt64(
            File.ReadLines("/proc/self/status").Single(l => l.StartsWith("CapBnd", StringComparison.Ordinal))[8..], 16);
        var wanted = $"{Convert.ToUInt64(all, 16) & mine:x16}";
        const string sets = "/^Cap/ { print $1 $2 }";
        Assert.Equal((0, $"CapInh:{0:x16}\nCapPrm:{wanted}\nCapEff:{wanted}\nCapBnd:{wanted}\nCapAmb:{0:x16}\n", ""),
            Run("", [.. Words(options), pod, "--", "awk", sets, "/proc/self/status"]));
        // Neither another user nor a new program gets one back.
        Assert.Equal((0, $"CapBnd:{wanted}\n", ""), Run("", [.. Words(options), pod, "--", "setpriv", "--reuid=65534",
            "--clear-groups", "awk", "/^CapBnd/ { print $1 $2 }", "/proc/self/status"]));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Programs_that_cannot_be_run()
    {
        Assert.Equal((127, "", "dataplane: no-such-program: no such program on this machine, whose files a pod uses\n"),
            Run("", "x/a", "no-such-program"));
        Assert.Equal((126, "", "dataplane: /etc/passwd: Permission denied\n"), Run("", "x/a", "/etc/passwd"));
    }

    private (int Exit, string Output, string Error) Run(string input, string pod, params string[] command) =>
        Run(input, [pod, "--", .. command]);

    private (int Exit, string Output, string Error) Run(string input, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "dataplane"),
            ["exec", "--socket", Socket, "-i", .. arguments]);
        var result = Tool.Run(start, input);
        return (result.ExitCode, result.Output, result.Error);
    }
}
