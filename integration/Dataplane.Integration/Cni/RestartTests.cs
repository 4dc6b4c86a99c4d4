using Dataplane.Api;
using Dataplane.Integration.Daemon;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Cni;

/// <summary>A container's network is somebody else's: it outlives the daemon, and may go while nobody looks.</summary>
public sealed class RestartTests
{
    private const string Client = """{"role": "client"}""", Server = """{"role": "server"}""";

    [Fact]
    public async Task Containers_outlive_the_daemon()
    {
        await using var lab = await CniLab.Start(AttachTests.Policies);
        var (client, server) = (lab.Container(), lab.Container());
        var before = CniLab.Add(client, lab.Config(Client)).GetRawText();
        CniLab.Add(server, lab.Config(Server));
        var links = client.Exec("ip", "-o link show dev eth0");
        await lab.Daemon.Stop();
        Assert.Equal(links, client.Exec("ip", "-o link show dev eth0"));
        await lab.Daemon.StartAgain();
        // Not made anew: the interface is the one that it was.
        Assert.Equal(links, client.Exec("ip", "-o link show dev eth0"));
        Assert.All(await lab.Attached(), a => Assert.True(a is { Enforced: true, Gone: false }));
        Assert.Equal(before, CniLab.Add(client, lab.Config(Client)).GetRawText());
        await AttachTests.AssertPoliciesHold(lab, 2);
        // The state is stored as manifests; a second start reads what the first has written.
        CniLab.Delete(client.Name, lab.Config());
        await lab.Daemon.Stop();
        await lab.Daemon.StartAgain();
        Assert.Equal(server.Name, Assert.Single(await lab.Attached()).Container);
    }

    [Fact]
    public async Task A_namespace_that_goes_takes_the_pod_with_it_until_its_runtime_deletes_it()
    {
        await using var lab = await CniLab.Start(AttachTests.Policies);
        var (client, server) = (lab.Container(), lab.Container());
        CniLab.Add(client, lab.Config(Client));
        CniLab.Add(server, lab.Config(Server));
        Netns.Delete(server.Name);
        await RunningDaemon.Until(async () => (await lab.Attached()).Any(a => a.Gone), "the namespace has gone");
        var status = await lab.Daemon.Status();
        Assert.Equal(1, status.Pods);
        Assert.Contains(server.Name, Assert.Single(status.Errors), StringComparison.Ordinal);
        Assert.Null(status.Problem);
        // Somebody has a namespace of that name later: it is not the container.
        using (Netns.Create(server.Name))
        {
            await lab.Daemon.Stop();
            await lab.Daemon.StartAgain();
            Assert.Equal((server.Name, true),
                (await lab.Attached()).Where(a => a.Gone).Select(a => (a.Container, a.Gone)).Single());
            Assert.DoesNotContain("eth0", server.Exec("ip", "-o link"), StringComparison.Ordinal);
            // Its runtime starts it again, as after a reboot.
            CniLab.Add(server, lab.Config(Server));
            Assert.All(await lab.Attached(), a => Assert.False(a.Gone));
            await AttachTests.AssertPoliciesHold(lab, 2);
        }
    }

    [Fact]
    public async Task What_went_while_no_daemon_ran_is_noticed_and_can_be_deleted()
    {
        await using var lab = await CniLab.Start();
        var (one, other) = (lab.Container(), lab.Container());
        CniLab.Add(one, lab.Config());
        CniLab.Add(other, lab.Config());
        await lab.Daemon.Stop();
        Netns.Delete(one.Name);
        await lab.Daemon.StartAgain();
        var status = await lab.Daemon.Status();
        Assert.Equal((1, null, status.DesiredGeneration), (status.Pods, status.Problem, status.EnforcedGeneration));
        Assert.Equal([(one.Name, true), (other.Name, false)],
            (await lab.Attached()).Select(a => (a.Container, a.Gone)).OrderBy(a => !a.Gone));
        CniLab.Delete(one.Name, lab.Config(), ("CNI_NETNS", ""));
        Assert.Equal(other.Name, Assert.Single(await lab.Attached()).Container);
        Assert.Empty((await lab.Daemon.Status()).Errors);
    }

    [Fact]
    public async Task Manifests_do_not_delete_containers()
    {
        await using var lab = await CniLab.Start(Yaml.Pod("a"));
        var container = lab.Container();
        CniLab.Add(container, lab.Config());
        const string Namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n";
        await lab.Daemon.Apply(RunningDaemon.Request("b.yaml", Namespace, Yaml.Pod("b")) with { Prune = true });
        Assert.Single(await lab.Attached());
        await lab.Daemon.Delete("Namespace", "x");
        Assert.True(Assert.Single(await lab.Attached()).Enforced);
        // Questions that are answered without the daemon know the container too.
        var state = await lab.Daemon.State();
        var file = Assert.Single(state.Files);
        Assert.Equal($"cni/net/{container.Name}/eth0", file.Name);
        var pod = Assert.Single((await lab.Daemon.Get(ApiPaths.Objects, ApiJson.Default.ObjectsResponse)).Objects);
        Assert.Equal(("cni", container.Name), (pod.Source, pod.Pod!.Netns));
    }

    [Fact]
    public async Task Check_finds_what_differs()
    {
        await using var lab = await CniLab.Start();
        var container = lab.Container();
        var config = lab.Config();
        var result = CniLab.Add(container, config).GetRawText();
        Assert.Equal("", Check(result).Succeeded());
        Assert.Equal(7, CniLab.Fails("CHECK", config, container.Name).Code);
        foreach (var (there, instead) in ((string, string)[])[("10.244.", "10.245."), ("\"mac\":\"", "\"mac\":\"1"),
            ("\"routes\":[{", "\"routes\":[],\"other\":[{"), ("\"name\":\"eth0\"", "\"name\":\"eth1\"")])
        {
            Assert.Contains(there, result, StringComparison.Ordinal);
            Assert.Equal(1, Check(result.Replace(there, instead, StringComparison.Ordinal)).ExitCode);
        }
        // The daemon mends what others change; whether it or CHECK is first, one of them tells.
        container.Exec("ip", "address flush dev eth0");
        var found = Check(result);
        if (found.ExitCode == 0)
            await RunningDaemon.Until(async () => (await lab.Daemon.Status()).RepairsTotal > 0, "it was mended");
        else
            Assert.Contains("address", found.Output, StringComparison.Ordinal);
        Assert.Equal("", Check(result).Succeeded());
        Assert.Equal(3, CniLab.Fails("CHECK", Previous(config, result), "nobody").Code);

        ToolResult Check(string previous) => CniLab.Run("CHECK", Previous(config, previous), container.Name);
    }

    private static string Previous(string config, string result) =>
        $"{config.TrimEnd()[..^1]}, \"prevResult\": {result}}}";
}
