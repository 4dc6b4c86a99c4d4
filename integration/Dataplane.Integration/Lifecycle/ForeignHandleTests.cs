using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Planning;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Lifecycle;

/// <summary>A foreign namespace for a pod, given by path or by descriptor.</summary>
public sealed class ForeignHandleTests
{
    [Fact]
    public void A_namespace_given_by_descriptor_is_attached_and_left_alone()
    {
        using var theirs = Netns.CreateAnonymous();
        AttachAndDetach(ForeignNetns.Of(theirs.Handle), theirs);
        Assert.False(theirs.Handle.IsClosed);
    }

    [Fact]
    public void A_namespace_given_by_a_path_outside_run_netns_is_attached_and_left_alone()
    {
        using var theirs = TestNetns.Create();
        // A second mount of the namespace, as container runtimes make them elsewhere.
        using var directory = new TempDirectory();
        var path = directory.Write("ns", "");
        theirs.Exec("mount", $"--bind /run/netns/{theirs.Name} {path}");
        try
        {
            AttachAndDetach(ForeignNetns.At(path), theirs.Netns);
            Assert.True(File.Exists(path));
            Assert.Contains(theirs.Name, Netns.List());
        }
        finally
        {
            theirs.Exec("umount", path);
        }
    }

    /// <param name="same">The same namespace, opened by the test.</param>
    private static void AttachAndDetach(ForeignNetns foreign, Netns same)
    {
        var pod = new Lab().Namespace("x").Pod("x/a").Cluster.Pods[0];
        using var node = PrivateNode.Create(NodeOptions.Default);
        var attached = node.Attach([new AttachRequest(pod, NodePlan.AddressesOf(pod), foreign)], default)[0];
        Assert.True(attached.IsForeign);
        Assert.Contains("eth0", Names(same));
        node.Detach([attached]);
        Assert.DoesNotContain("eth0", Names(same));
        Assert.Contains("lo", Names(same));
        // Attached once more: nothing was closed or left behind.
        node.Detach(node.Attach([new AttachRequest(pod, NodePlan.AddressesOf(pod), foreign)], default).ToList());
        ThreadHome.AssertAllHome();
    }

    private static IEnumerable<string> Names(Netns netns)
    {
        using var route = NetlinkSocket.Open(NetlinkProtocol.Route, netns);
        return [.. Links.Dump(route).Select(l => l.Name)];
    }
}
