using System.Diagnostics;

namespace Dataplane.Integration.Cni;

/// <summary>
/// Real containers of containerd, started by <c>ctr</c> in namespaces for which the plugin was run by hand.
/// </summary>
public sealed class ContainerdTests
{
    [Fact]
    public async Task Containers_are_pods_under_policy()
    {
        ContainerRoot.Require("containerd", "ctr", "runc");
        await using var lab = await CniLab.Start(AttachTests.Policies);
        using var directory = new TempDirectory();
        var socket = directory["c.sock"];
        directory.Write("config.toml", $"""
            version = 2
            root = "{directory["root"]}"
            state = "{directory["state"]}"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "{socket}"

            """);
        var start = new ProcessStartInfo("containerd", ["--config", directory["config.toml"]])
        {
            RedirectStandardError = true,
        };
        using var containerd = Process.Start(start)!;
        containerd.ErrorDataReceived += (_, _) => { };
        containerd.BeginErrorReadLine();
        var (client, server) = (lab.Container(), lab.Container());
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Ctr("", "version").ExitCode == 0, PodSocket.Patience));
            CniLab.Add(client, lab.Config("""{"role": "client"}"""));
            var address = CniLab.Addresses(CniLab.Add(server, lab.Config("""{"role": "server"}""")))[0];
            Run(client, "/bin/sleep", "600");
            Run(server, ContainerRoot.Server);
            Assert.Contains($"I am {server.Name}", Ask("80").Output, StringComparison.Ordinal);
            Assert.DoesNotContain("I am", Ask("81").Output, StringComparison.Ordinal);
            await AttachTests.AssertPoliciesHold(lab, 2);

            ToolResult Ask(string port) => Ctr(ContainerRoot.Request,
                "tasks", "exec", "--exec-id", $"ask-{port}", client.Name, "/bin/nc", "-w", "3", address, port);
        }
        finally
        {
            foreach (var container in (TestNetns[])[client, server])
            {
                Ctr("", "tasks", "rm", "--force", container.Name);
                Ctr("", "containers", "rm", container.Name);
            }
            containerd.Kill();
            containerd.WaitForExit();
        }
        foreach (var container in (TestNetns[])[client, server]) CniLab.Delete(container.Name, lab.Config());
        Assert.Empty(await lab.Attached());

        void Run(TestNetns container, params string[] command) => Ctr("", ["run", "--detach", "--rootfs",
            "--with-ns", $"network:/run/netns/{container.Name}", ContainerRoot.Make(directory, container.Name),
            container.Name, .. command]).Succeeded();

        ToolResult Ctr(string input, params string[] arguments) =>
            Tool.Run(new ProcessStartInfo("ctr", ["--address", socket, .. arguments]), input);
    }
}
