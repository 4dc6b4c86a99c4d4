using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Integration.Promises;

/// <summary>Start, stop, reload, reboot, and two of them.</summary>
public sealed class LifecycleTests
{
    /// <summary>
    /// Told as a service, it says what a service manager wants to know; what it enforced outlives it.
    /// </summary>
    [Fact]
    public void A_service_from_its_start_to_its_stop()
    {
        using var daemon = new DaemonProcess([("WATCHDOG_USEC", "600000")]);
        daemon.Apply("steady.yaml", Steady.All);
        using var talk = Talk.Between(daemon, Steady.Client, Steady.Server);
        using var intruder = new Intruder(daemon);
        Assert.True(daemon.Notices.Await("WATCHDOG=1"));
        Assert.True(daemon.Notices.Await("WATCHDOG=1"));
        daemon.Signal("HUP");
        Assert.True(daemon.Notices.Await("RELOADING=1"));
        Assert.True(daemon.Notices.Await("READY=1"));
        talk.BothWays();
        Assert.Equal(0, daemon.Stop());
        Assert.True(daemon.Notices.Await("STOPPING=1"));
        talk.BothWays();
        daemon.Start();
        Assert.Equal((1L, true), (daemon.Status().EnforcedGeneration, daemon.Status().Adopted));
        talk.BothWays();
        intruder.AssertNothingArrived();
        ThreadHome.AssertAllHome();
    }

    [Fact]
    public void A_reload_takes_what_is_right_and_leaves_what_is_wrong()
    {
        using var directory = new TempDirectory();
        var config = directory["config.json"];
        File.WriteAllText(config, "{}");
        using var daemon = new DaemonProcess("--config", config);
        daemon.Apply("steady.yaml", Steady.All);
        using var talk = Talk.Between(daemon, Steady.Client, Steady.Server);
        Assert.False(File.GetUnixFileMode(daemon.Socket).HasFlag(UnixFileMode.GroupRead));
        Reload("""{"readGroup": "54321"}""");
        Assert.True(File.GetUnixFileMode(daemon.Socket).HasFlag(UnixFileMode.GroupRead));
        Reload("""{"readGroup": 1, "colour": "red"}""");
        Assert.True(File.GetUnixFileMode(daemon.Socket).HasFlag(UnixFileMode.GroupRead));
        Steady.Until(() => daemon.Said().Contains("everything stays as it was", StringComparison.Ordinal),
            "it says why not");
        talk.BothWays();
        Assert.Equal(0, daemon.Stop());

        void Reload(string text)
        {
            File.WriteAllText(config, text);
            daemon.Signal("HUP");
            Assert.True(daemon.Notices.Await("RELOADING=1"));
            Assert.True(daemon.Notices.Await("READY=1"));
        }
    }

    [Fact]
    public void A_second_one_refuses()
    {
        using var daemon = new DaemonProcess();
        daemon.Apply("steady.yaml", Steady.All);
        using var talk = Talk.Between(daemon, Steady.Client, Steady.Server);
        using var elsewhere = new TempDirectory();
        var (socket, state) = (elsewhere["run/s"], elsewhere["state"]);
        var onTheNode = Command.Run(daemon.Socket, "",
            ["daemon", "--node-name", daemon.NodeName, "--socket", socket, "--state-dir", state]);
        Assert.Equal((4, ""), (onTheNode.ExitCode, onTheNode.Output));
        Assert.StartsWith($"dataplane: node {daemon.NodeName} is open in another process", Last(onTheNode.Error),
            StringComparison.Ordinal);

        var another = RunName.Next();
        var onTheSocket = Command.Run(daemon.Socket, "",
            ["daemon", "--node-name", another, "--socket", daemon.Socket, "--state-dir", state]);
        Assert.Equal((4, $"dataplane: a daemon listens on {daemon.Socket} already"),
            (onTheSocket.ExitCode, Last(onTheSocket.Error)));
        Assert.DoesNotContain(another, Netns.List());

        // With another node, but the state of this one.
        var onTheState = Command.Run(daemon.Socket, "",
            ["daemon", "--node-name", another, "--socket", socket, "--state-dir", daemon.StateDirectory]);
        Assert.Equal(4, onTheState.ExitCode);
        Assert.StartsWith($"dataplane: another daemon keeps its state in {daemon.StateDirectory}",
            Last(onTheState.Error), StringComparison.Ordinal);
        Assert.DoesNotContain(another, Netns.List());
        talk.BothWays();
        Assert.Equal(1, daemon.Status().EnforcedGeneration);
        Assert.Equal(2, daemon.Delete(new ObjectReference("Pod", Steady.Intruder)).Generation);
        ThreadHome.AssertAllHome();
    }

    /// <summary>What a reboot leaves is the state directory.</summary>
    [Fact]
    public void After_a_reboot_everything_comes_back()
    {
        using var daemon = new DaemonProcess();
        // Not in the order of their names, so that addresses are no coincidence.
        foreach (var pod in new[] { "server", "intruder", "client" }) daemon.Apply($"{pod}.yaml", Steady.Pod(pod));
        daemon.Apply("policy.yaml", Steady.Policy);
        var (pods, status) = (Places(), daemon.Status());
        daemon.Kill();
        foreach (var name in Netns.List().Where(n => n.StartsWith(daemon.NodeName, StringComparison.Ordinal)))
            Netns.Delete(name);
        LiveNode.Destroy(daemon.NodeName);
        Directory.Delete(Path.GetDirectoryName(daemon.Socket)!, recursive: true);
        daemon.Start();
        Assert.Equal(pods, Places());
        var now = daemon.Status();
        Assert.Equal((status.DesiredGeneration, status.DesiredGeneration, false),
            (now.DesiredGeneration, now.EnforcedGeneration, now.Adopted));
        using var talk = Talk.Between(daemon, Steady.Client, Steady.Server);
        using var intruder = new Intruder(daemon);
        talk.BothWays();
        intruder.AssertNothingArrived();
        Leaks.AssertKernelIsCompiled(daemon, "after the reboot");
        ThreadHome.AssertAllHome();

        string[] Places() => [.. daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Select(
            p => $"{p.Name} {p.IPv4} {p.IPv6} {p.Netns}")];
    }

    private static string Last(string text) => text.TrimEnd('\n').Split('\n')[^1];
}
