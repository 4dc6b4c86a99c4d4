using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Promises;

/// <summary>cleanup removes a node as a whole, whatever its kind, and names every node that stands.</summary>
public sealed class CleanupTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "dataplane");

    [Fact]
    public void The_name_of_a_host_node_removes_all_of_it()
    {
        using var host = TestNetns.Create();
        var name = Name("host");
        using var daemon = Daemon(name, host, "host");
        daemon.Stop();
        Assert.Contains("dp0", Said(host, "ip link"), StringComparison.Ordinal);
        var seen = Cleanup(host, "");
        Assert.Equal(0, seen.ExitCode);
        Assert.Contains($"host node {name} stands, with 1 pod; sudo dataplane cleanup --node {name}\n", seen.Error,
            StringComparison.Ordinal);
        var wrong = Cleanup(host, "--node-host --node other");
        Assert.Equal((2,
            $"dataplane: the host node is called {name}, not other: sudo dataplane cleanup --node {name}\n"),
            (wrong.ExitCode, wrong.Error));
        var gone = Cleanup(host, $"--node {name}");
        Assert.Equal((0, $"{name}_x_a\nhost node {name}\n"), (gone.ExitCode, gone.Output));
        AssertEmpty(host, name);
    }

    [Fact]
    public void The_host_node_of_this_machine_needs_no_name()
    {
        using var host = TestNetns.Create();
        var name = Name("mine");
        using var daemon = Daemon(name, host, "host");
        daemon.Stop();
        Assert.Equal($"{name}_x_a\nhost node {name}\n", Cleanup(host, "--node-host").Output);
        AssertEmpty(host, name);
    }

    /// <summary>What an earlier version left of it: tables without the bridge that has the name.</summary>
    [Fact]
    public void A_host_node_without_its_bridge_is_seen_and_removed()
    {
        using var host = TestNetns.Create();
        var name = Name("half");
        using var daemon = Daemon(name, host, "host");
        daemon.Stop();
        Said(host, "ip link del dp0");
        Assert.Contains("host node stands, with 0 pods; sudo dataplane cleanup --node-host\n", Cleanup(host, "").Error,
            StringComparison.Ordinal);
        Cleanup(host, $"--node-host --node {name}");
        AssertEmpty(host, name);
    }

    [Fact]
    public void A_private_node_is_named_whatever_it_is_called_and_whoever_has_it_open()
    {
        using var host = TestNetns.Create();
        var name = Name("lab");
        using var daemon = Daemon(name, host, "private");
        Assert.Contains($"node {name} stands, with 1 pod; a daemon has it open: stop that first, "
            + $"then sudo dataplane cleanup --node {name}\n",
            Cleanup(host, "").Error, StringComparison.Ordinal);
        var busy = Cleanup(host, $"--node {name}");
        Assert.Equal((4, ""), (busy.ExitCode, busy.Output));
        Assert.Contains("open in another process", busy.Error, StringComparison.Ordinal);
        daemon.Stop();
        Assert.Contains($"node {name} stands, with 1 pod; sudo dataplane cleanup --node {name}\n",
            Cleanup(host, "").Error, StringComparison.Ordinal);
        // A pod's name alone is a part of the node too.
        Netns.Delete(name);
        Assert.Contains($"node {name} stands, with 1 pod; ", Cleanup(host, "").Error, StringComparison.Ordinal);
        Assert.Equal($"{name}_x_a\n", Cleanup(host, $"--node {name}").Output);
        var again = Cleanup(host, $"--node {name}");
        Assert.Equal((0, ""), (again.ExitCode, again.Output));
        Assert.Contains($"there is no node {name}\n", again.Error, StringComparison.Ordinal);
        AssertEmpty(host, name);
    }

    private static string Name(string word) => $"{word}-{Environment.ProcessId}";

    /// <summary>A daemon whose node has one pod, x/a.</summary>
    private static DaemonProcess Daemon(string name, TestNetns host, string kind)
    {
        var daemon = new DaemonProcess(name, host, "--node", kind);
        daemon.Apply("a.yaml", Yaml.Pod("a"));
        return daemon;
    }

    private static ToolResult Cleanup(TestNetns host, string options) =>
        Tool.Run(InNetns.Start(host.Name, [Program, "cleanup",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));

    private static string Said(TestNetns host, string line) =>
        Tool.Run(InNetns.Start(host.Name, line.Split(' '))).Succeeded();

    private static void AssertEmpty(TestNetns host, string name)
    {
        Assert.Empty(NodeNames.Of(name));
        Assert.False(File.Exists($"/run/dataplane/{name}.lock"));
        Assert.Equal("", Said(host, "nft list tables"));
        Assert.DoesNotContain("dp0", Said(host, "ip link"), StringComparison.Ordinal);
        Assert.DoesNotContain("244", Said(host, "ip rule"), StringComparison.Ordinal);
    }
}
