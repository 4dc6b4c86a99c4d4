using System.Net;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Node.Ports.Bridge;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;

namespace Dataplane.Integration.Lifecycle;

/// <summary>
/// An attached port carries packets at once. The kernel turns a carrier that came up into a working queue and a
/// forwarding bridge port later, on a workqueue of its own; packets sent before that are lost without a trace.
/// </summary>
public sealed class ReadyTests
{
    private const int IfOperUp = 6; // IF_OPER_UP, linux/if.h

    [Fact]
    public void Every_port_is_operational_when_attaching_returns()
    {
        for (var node = 0; node < 10; node++) AttachSome();
        ThreadHome.AssertAllHome();
    }

    private static void AttachSome()
    {
        var pods = new Lab().Namespace("x").Pod("x/a").Pod("x/b").Cluster.Pods;
        using var node = PrivateNode.Create(NodeOptions.Default);
        foreach (var pod in pods)
        {
            var attached = node.AttachPods([pod])[0];
            AssertUp(node, attached.PortIndex, NodeLayout.BridgeIndex);
            Assert.True(Routes.IsLocal(node.Route, node.Plan.Addresses.GatewayIPv6));
            Assert.True(Routes.IsLocal(node.Route, node.Plan.Addresses.GatewayIPv4));
            Assert.False(Routes.IsLocal(node.Route, pod.IPv4!));
        }
        AssertUp(node, node.AttachExternals([new ExternalEndpoint(IPAddress.Parse("172.17.5.9"))])[0].PortIndex);
    }

    private static void AssertUp(PrivateNode node, params InterfaceIndex[] interfaces) =>
        Assert.All(Links.Dump(node.Route).Where(l => interfaces.Contains(l.Index)),
            l => Assert.Equal(IfOperUp, l.OperState));
}
