using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Layout;
using Dataplane.Planning;

namespace Dataplane.Node.Ports.Bridge;

/// <summary>
/// A node for one run, in a network namespace of its own: the host's network is not touched. Only the node's namespace
/// has a name, which disposing removes; the pods' namespaces end with the process in any case.
/// </summary>
internal sealed class PrivateNode : BridgePorts
{
    private PrivateNode(NodePlan plan, Netns netns, NetlinkSocket route) : base(plan, netns, route)
    {
    }

    /// <exception cref="LinuxException">EPERM: not root. Nothing is left behind.</exception>
    public static PrivateNode Create(NodeOptions options) => Create(NodePlan.Private(RunName.Next(), options));

    /// <summary>As the plan says, whose name must be one of <see cref="RunName"/>.</summary>
    /// <exception cref="LinuxException">EPERM: not root. Nothing is left behind.</exception>
    public static PrivateNode Create(NodePlan plan)
    {
        var netns = Netns.Create(plan.Name);
        try
        {
            return new PrivateNode(plan, netns, BridgeBuilder.Build(netns, plan));
        }
        catch
        {
            netns.Dispose();
            Netns.Delete(plan.Name);
            throw;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Netns.Delete(Plan.Name);
    }
}
