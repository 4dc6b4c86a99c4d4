using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Addressing;
using Dataplane.Node.Network;
using Dataplane.Policy.Tests;

namespace Dataplane.Integration.Lifecycle;

/// <summary>
/// An attached port carries packets at once. The kernel turns a carrier that came up into a working queue and a forwarding bridge
/// port later, on a workqueue of its own; whoever probes before that loses packets without a trace.
/// </summary>
public sealed class ReadyTests
{
    private const int IfOperUp = 6; // IF_OPER_UP, linux/if.h

    [Fact]
    public void Every_port_is_operational_when_attaching_returns()
    {
        var lab = new Lab().Namespace("x");
        for (var i = 0; i < 40; i++) lab.Pod($"x/p{i}");
        using var node = PrivateNode.Create(NodeOptions.Default);
        for (var i = 0; i < 40; i++)
        {
            var attached = node.AttachPods([lab.Cluster.Pods[i]])[0];
            Assert.Equal(IfOperUp, Links.Dump(node.Route).Single(l => l.Index == attached.PortIndex).OperState);
        }
        ThreadHome.AssertAllHome();
    }
}
