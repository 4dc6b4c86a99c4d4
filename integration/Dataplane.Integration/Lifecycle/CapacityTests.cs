using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Node.Verification;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Integration.Lifecycle;

/// <summary>What is too much for one node is said before anything is made.</summary>
[Collection(nameof(AloneOnTheMachine))]
public sealed class CapacityTests
{
    [Fact]
    public void A_bridge_carries_as_many_pods_as_we_say_and_not_one_more()
    {
        var all = Pods(NodeCapacity.MaxPods + 1);
        using (var node = PrivateNode.Create(NodeOptions.Default))
        {
            node.AttachStranger();
            node.AttachPods(all.Pods.Take(NodeCapacity.MaxPods), TestContext.Current.CancellationToken);
            Assert.Throws<LinuxException>(
                () => node.AttachPods(all.Pods.Skip(NodeCapacity.MaxPods), TestContext.Current.CancellationToken));
        }
        var before = Netns.List();
        var error = Assert.Throws<NodeCapacityException>(() => NodeSession.Open(all, NodeOptions.Default, []));
        Assert.Contains("1023 pods do not fit on one node", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Netns.List());
    }

    [Theory]
    [InlineData(100, 0, 449)]
    [InlineData(250, 5, 859)]
    public void Open_files_are_counted(int pods, int externals, int enough)
    {
        NodeCapacity.Require(pods, externals, null);
        NodeCapacity.Require(pods, externals, enough + 1);
        var error = Assert.Throws<NodeCapacityException>(() => NodeCapacity.Require(pods, externals, enough));
        Assert.EndsWith($"raise the limit (ulimit -n {enough + 1})", error.Message, StringComparison.Ordinal);
    }

    private static Cluster Pods(int count)
    {
        var text = string.Concat(Enumerable.Range(0, count)
            .Select(i => $"---\napiVersion: v1\nkind: Pod\nmetadata: {{name: p{i}}}\n"
                + $"spec: {{containers: [{{name: c, image: i}}]}}\n"));
        return ClusterBuilder.Build(ManifestLoader.LoadText("pods.yaml", text).Manifests, NodeOptions.Default).Cluster!;
    }
}
