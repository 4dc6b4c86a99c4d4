using System.Diagnostics;
using Dataplane.Integration.Runtime;
using Dataplane.Linux.Cgroups;
using Dataplane.Linux.Namespaces;
using Dataplane.Runtime.Launching;

namespace Dataplane.Integration.Linux;

/// <summary>What a program of a container finds around it when it is launched, as the program itself tells.</summary>
public sealed class LaunchTests : IDisposable
{
    private const string Nobody = "65534";

    private readonly TempDirectory _directory = new();
    private readonly TestNetns _netns = TestNetns.Create();

    private string Failure => _directory["failure"];

    private ProgramStart Shell => new(_netns.Name, "web-0", ["sh", "-c", ""], new Dictionary<string, string>(), null, 0,
        0, [], CapabilitySet.OfContainers.Bits, true, [], null, Announces: false);

    public void Dispose()
    {
        if (Directory.Exists($"/etc/netns/{_netns.Name}")) Directory.Delete($"/etc/netns/{_netns.Name}", true);
        _netns.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void It_is_in_the_namespaces_of_its_pod_and_nothing_of_them_is_the_machines()
    {
        Directory.CreateDirectory($"/etc/netns/{_netns.Name}");
        File.WriteAllText($"/etc/netns/{_netns.Name}/hosts", "10.0.0.1 only-here\n");
        var (before, hosts) = (File.ReadAllText("/proc/sys/kernel/hostname"), File.ReadAllText("/etc/hosts"));
        _netns.Exec("ip", "link add only type veth peer name other");
        var lines = Lines("cat /proc/sys/kernel/hostname /etc/hosts; ls /sys/class/net; pwd; echo $HOSTNAME; "
            + "test $(ps -o sid= -p $$) = $$ && echo leads");
        Assert.Equal("web-0", lines[0]);
        Assert.Equal("10.0.0.1 only-here", lines[1]);
        Assert.Contains("only", lines);
        Assert.Equal(["/", "web-0", "leads"], lines[^3..]);
        Assert.Equal((before, hosts), (File.ReadAllText("/proc/sys/kernel/hostname"), File.ReadAllText("/etc/hosts")));
    }

    [Fact]
    public void Its_environment_is_what_the_manifest_says_and_nothing_else()
    {
        var start = Shell with
        {
            Command = ["env", "-0"],
            Variables = new Dictionary<string, string>
            {
                ["A"] = "b=c\nd", ["DOTNET_STARTUP_HOOKS"] = "/nowhere.dll", ["LD_PRELOAD"] = "/nowhere.so",
            },
        };
        // What would be done to the launcher, which is root, is done to the program alone.
        var variables = Run(start).Out.Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);
        Assert.Equal(["A=b=c\nd", "DOTNET_STARTUP_HOOKS=/nowhere.dll", "HOSTNAME=web-0", "LD_PRELOAD=/nowhere.so",
            $"PATH={ProgramFinder.DefaultPath}"], variables);
    }

    [Fact]
    public void Root_of_a_container_has_the_capabilities_of_a_container()
    {
        var status = Status(Shell);
        Assert.Equal($"{CapabilitySet.OfContainers.Bits:x16}", status["CapEff"]);
        Assert.Equal($"{CapabilitySet.OfContainers.Bits:x16}", status["CapBnd"]);
        Assert.Equal(("0000000000000000", "0"), (status["CapAmb"], status["NoNewPrivs"]));
    }

    [Fact]
    public void A_user_has_none_also_where_the_container_has_dropped_all()
    {
        var status = Status(Shell with { User = 65534, Group = 65534, Groups = [1000, 2000], Capabilities = 0 });
        Assert.Equal(string.Join('\t', Enumerable.Repeat(Nobody, 4)), status["Uid"]);
        Assert.Equal(string.Join('\t', Enumerable.Repeat(Nobody, 4)), status["Gid"]);
        Assert.Equal("1000 2000", status["Groups"].Trim());
        Assert.All((string[])["CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb"],
            set => Assert.Equal("0000000000000000", status[set]));
    }

    [Fact]
    public void It_gains_nothing_where_that_is_asked_for() =>
        Assert.Equal("1", Status(Shell with { MayGain = false })["NoNewPrivs"]);

    [Fact]
    public void It_is_in_its_control_group()
    {
        var tree = CgroupTree.Open($"dptest-{Guid.NewGuid():N}");
        Assert.SkipWhen(tree is null, "no control groups can be made here");
        var group = tree.Make("web", new CgroupLimits(100, null, null));
        try
        {
            Assert.Contains("/web", Run(Script("cat /proc/self/cgroup") with { MemberFiles = group.MemberFiles }).Out,
                StringComparison.Ordinal);
        }
        finally
        {
            group.Kill();
            Assert.True(SpinWait.SpinUntil(() => group.Members.Count == 0, TimeSpan.FromSeconds(60)));
            group.Remove();
            tree.Remove();
        }
    }

    [Theory]
    [InlineData("exit 7", 7)]
    [InlineData("kill -TERM $$", 128 + 15)]
    [InlineData("exit 127", 127)]
    public void Its_end_is_the_programs_own(string script, int code)
    {
        Assert.Equal(code, Run(Script(script)).Code);
        Assert.Equal("", File.ReadAllText(Failure));
    }

    [Theory]
    [InlineData("nosuch", "exec: \"nosuch\": executable file not found in $PATH")]
    [InlineData("", "exec: \"\": executable file not found in $PATH")]
    [InlineData("/nosuch/x", "exec: \"/nosuch/x\": stat /nosuch/x: no such file or directory")]
    [InlineData("/etc/passwd", "exec: \"/etc/passwd\": permission denied")]
    public void One_that_is_not_there_is_named_in_the_words_of_runc(string program, string why)
    {
        Assert.Equal(Launcher.CouldNotStart, Run(Shell with { Command = [program] }).Code);
        Assert.Equal(why, File.ReadAllText(Failure));
    }

    [Fact]
    public void A_directory_or_a_namespace_that_is_not_there_is_said()
    {
        Assert.Equal(Launcher.CouldNotStart, Run(Shell with { Directory = "/nosuch" }).Code);
        Assert.Contains("/nosuch", File.ReadAllText(Failure), StringComparison.Ordinal);
        Assert.Equal(Launcher.CouldNotStart, Run(Shell with { Netns = "dptest-nosuch" }).Code);
        Assert.Contains("dptest-nosuch", File.ReadAllText(Failure), StringComparison.Ordinal);
    }

    private ProgramStart Script(string script) => Shell with { Command = ["sh", "-c", script] };

    private string[] Lines(string script) =>
        Run(Script(script)).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Dictionary<string, string> Status(ProgramStart start) =>
        Run(start with { Command = ["cat", "/proc/self/status"] }).Out.Split('\n').Where(l => l.Contains(':'))
            .ToDictionary(l => l[..l.IndexOf(':')], l => l[(l.IndexOf(':') + 1)..].TrimStart('\t').TrimEnd());

    private (int Code, string Out) Run(ProgramStart start)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "sh", ["-c", "exec \"$0\" launch 3>\"$1\"", SupervisorLab.Program, Failure])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        process.StandardInput.BaseStream.Write(start.ToJson());
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
