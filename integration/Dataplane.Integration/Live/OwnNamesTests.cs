using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Live;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Live;

/// <summary>Namespaces and files below /run/netns of others, with names that a node would use.</summary>
public sealed class OwnNamesTests
{
    private static string PathOf(string name) => $"/run/netns/{name}";

    [Fact]
    public void A_namespace_with_the_nodes_name_that_is_no_node_stays()
    {
        using var other = TestNetns.Create();
        other.Exec("ip", "link add other0 type veth peer name other1");
        var refused = Assert.Throws<LinuxException>(() => LiveNode.Open(new LiveNodeOptions { Name = other.Name }));
        Assert.Contains($"{other.Name} is no node, and stays; choose another name", refused.Message,
            StringComparison.Ordinal);
        Assert.Throws<LinuxException>(() => LiveNode.Destroy(other.Name));
        Assert.Contains("other0", other.Exec("ip", "-br link"), StringComparison.Ordinal);
        // With a bridge of the same index, which has another name.
        other.Exec("ip", "link add br0 index 1000 type bridge");
        Assert.Throws<LinuxException>(() => LiveNode.Open(new LiveNodeOptions { Name = other.Name }));
        Assert.Equal("", other.Exec("nft", "list tables"));
        File.Delete($"/run/dataplane/{other.Name}.lock");
    }

    [Fact]
    public void What_others_have_called_like_pods_of_the_node_stays()
    {
        using var lab = new LiveLab();
        var (netns, file, link, pipe) = ($"{lab.Name}_net", $"{lab.Name}_file", $"{lab.Name}_link", $"{lab.Name}_pipe");
        using var other = Netns.Create(netns);
        InNetns.Exec(netns, "ip", "link add other0 type veth peer name other1");
        File.WriteAllText(PathOf(file), "precious");
        File.CreateSymbolicLink(PathOf(link), PathOf(file));
        Tool.Run("mkfifo", PathOf(pipe)).Succeeded();
        try
        {
            lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Cluster);
            lab.Reopen().Apply(new Lab().Namespace("x").Cluster);
            lab.Close();
            LiveNode.Destroy(lab.Name);
            Assert.Equal([file, link, netns, pipe], NodeNames.Of(lab.Name).Order(StringComparer.Ordinal));
            Assert.Equal("precious", File.ReadAllText(PathOf(file)));
            Assert.Contains("other0", InNetns.Exec(netns, "ip", "-br link"), StringComparison.Ordinal);
        }
        finally
        {
            InNetns.Exec(netns, "ip", "link del other0");
            Netns.Delete(netns);
            foreach (var name in new[] { file, link, pipe }) File.Delete(PathOf(name));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pod_whose_name_another_has_is_refused_and_all_is_as_it_was(bool isFile)
    {
        using var lab = new LiveLab();
        var name = $"{lab.Name}_x_b";
        lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Cluster);
        using var other = isFile ? null : Netns.Create(name);
        if (isFile) File.WriteAllText(PathOf(name), "precious");
        else InNetns.Exec(name, "ip", "link add other0 type veth peer name other1");
        try
        {
            var refused = Assert.Throws<LinuxException>(
                () => lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Pod("x/b").Cluster));
            Assert.Contains("stays", refused.Message, StringComparison.Ordinal);
            Assert.Equal(["x/a"], lab.Node.Pods.Select(p => p.Pod.Name));
            Assert.Equal(isFile ? "precious" : "other0", isFile ? File.ReadAllText(PathOf(name))
                : InNetns.Exec(name, "ip", "-br link").Split('\n')[^2].Split('@')[0]);
        }
        finally
        {
            if (isFile) File.Delete(PathOf(name));
            else Netns.Delete(name);
        }
        Assert.Equal(["x/b"], lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Pod("x/b").Cluster).Attached);
    }

    /// <summary>What a crash leaves between two steps: a file without namespace, a namespace without port.</summary>
    [Fact]
    public void What_a_daemon_left_half_made_is_taken()
    {
        using var lab = new LiveLab();
        lab.Node.Apply(new Lab().Namespace("x").Pod("x/a").Cluster);
        lab.Close();
        using var half = Netns.Create($"{lab.Name}_x_b");
        File.Create(PathOf($"{lab.Name}_x_c")).Dispose();
        var cluster = new Lab().Namespace("x").Pod("x/a").Pod("x/b").Pod("x/c").Cluster;
        Assert.Equal(["x/b", "x/c"], lab.Node.Apply(cluster).Attached);
    }
}
