using System.Diagnostics;
using Dataplane.Integration.Daemon;

namespace Dataplane.Integration.Cni;

/// <summary>Real containers of podman 4, whose networks are ours.</summary>
public sealed class PodmanTests : IDisposable
{
    /// <summary>A Service of the servers, so that a name leads to them.</summary>
    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: x}
        spec: {selector: {role: server}, ports: [{port: 80}]}

        """;

    private readonly TempDirectory _directory = new();

    /// <summary>Part of the names that the machine sees.</summary>
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];

    private bool _isPrepared;

    public void Dispose()
    {
        if (_isPrepared)
        {
            Podman("", "rm", "--force", "--time", "0", "--all");
            // podman leaves the directories above those of its containers, and those of its monitors, which end now.
            Assert.True(SpinWait.SpinUntil(() => Directory.GetDirectories("/sys/fs/cgroup")
                .All(controller => IsRemoved(Path.Combine(controller, $"dptest-{_run}"))), PodSocket.Patience));
        }
        _directory.Dispose();
    }

    private static bool IsRemoved(string group)
    {
        try
        {
            if (!Directory.Exists(group)) return true;
            foreach (var below in Directory.GetDirectories(group)) IsRemoved(below);
            Directory.Delete(group);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Containers_are_pods_under_policy_with_names()
    {
        ContainerRoot.Require("podman", "runc", "conmon");
        await using var lab = await CniLab.Start(AttachTests.Policies, Service);
        Prepare(lab);
        var (client, server) = ($"client-{_run}", $"server-{_run}");
        Start("client", client, "/bin/sleep", "600");
        Start("server", server, ContainerRoot.Server);
        var pods = await lab.Attached();
        Assert.Equal([$"x/{client}", $"x/{server}"], pods.Select(p => p.Pod));
        await AssertPoliciesHold();
        Assert.Contains("nameserver 10.96.0.10", Exec(client, "", "cat", "/etc/resolv.conf").Output,
            StringComparison.Ordinal);
        await RunningDaemon.Until(() => Task.FromResult(Exec(client, "", "nslookup", "web.x.svc.cluster.local").Output
            .Contains("Address: 10.96.", StringComparison.Ordinal)), "the name of the Service is answered");

        // They outlive the daemon, and so does what they may not.
        await lab.Daemon.Stop();
        Assert.Contains($"I am {server}", Ask(client, 1, 80).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("I am", Ask(server, 0, 80).Output, StringComparison.Ordinal);
        await lab.Daemon.StartAgain();
        await AssertPoliciesHold();
        Podman("", "rm", "--force", "--time", "0", client).Succeeded();
        Assert.Equal($"x/{server}", Assert.Single(await lab.Attached()).Pod);
        Podman("", "rm", "--force", "--time", "0", server).Succeeded();
        Assert.Empty(await lab.Attached());

        async Task AssertPoliciesHold()
        {
            // By programs in the containers, and by packets between all pods and their witnesses.
            Assert.Contains($"I am {server}", Ask(client, 1, 80).Output, StringComparison.Ordinal);
            Assert.DoesNotContain("I am", Ask(client, 1, 81).Output, StringComparison.Ordinal);
            // The third pod is the name server.
            await AttachTests.AssertPoliciesHold(lab, 3);
        }

        ToolResult Ask(string from, int to, int port) =>
            Exec(from, ContainerRoot.Request, "nc", "-w", "3", pods[to].Addresses[0].Address, $"{port}");
    }

    /// <summary>A network for each label, and podman's own files here.</summary>
    private void Prepare(CniLab lab)
    {
        var (networks, programs) = (_directory["net.d"], _directory["bin"]);
        Directory.CreateDirectory(networks);
        Directory.CreateDirectory(programs);
        foreach (var role in (string[])["client", "server"])
        {
            _directory.Write($"net.d/{role}.conflist", $$"""
                {"cniVersion": "1.0.0", "name": "{{role}}", "plugins": [{"type": "dataplane-cni",
                 "socket": "{{lab.Daemon.Socket}}", "dataplane": {"namespace": "x", "labels": {"role": "{{role}}"} } }]}
                """);
        }
        File.CreateSymbolicLink(Path.Combine(programs, "dataplane-cni"), CniLab.Program);
        _directory.Write("containers.conf", $"""
            [engine]
            cgroup_manager = "cgroupfs"
            events_logger = "none"
            runtime = "runc"
            [containers]
            log_driver = "k8s-file"
            default_sysctls = []
            default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
            [network]
            network_backend = "cni"
            cni_plugin_dirs = ["{programs}"]
            network_config_dir = "{networks}"

            """);
        _isPrepared = true;
    }

    private void Start(string network, string name, params string[] command) => Podman("", [
        "run", "--detach", "--name", name, "--network", network, "--cgroup-parent", $"/dptest-{_run}", "--rootfs",
        ContainerRoot.Make(_directory, name), .. command]).Succeeded();

    private ToolResult Exec(string name, string input, params string[] command) =>
        Podman(input, ["exec", "--interactive", name, "/bin/" + command[0], .. command[1..]]);

    private ToolResult Podman(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("podman", ["--root", _directory["store"], "--runroot", _directory["runroot"],
            "--tmpdir", _directory["tmp"], "--storage-driver", "vfs", .. arguments]);
        start.Environment["CONTAINERS_CONF"] = _directory["containers.conf"];
        return Tool.Run(start, input);
    }
}
