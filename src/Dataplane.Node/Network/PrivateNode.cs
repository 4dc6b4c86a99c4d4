using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;
using Dataplane.Planning;

namespace Dataplane.Node.Network;

/// <summary>
/// A node for one run, in a network namespace of its own: the host's network is not touched. Only the node's namespace has a
/// name; the others end with the process, however it ends.
/// </summary>
internal sealed class PrivateNode : BridgeNode
{
    private PrivateNode(NodeOptions options, Netns netns, NetlinkSocket route) : base(options, netns, route)
    {
    }

    /// <exception cref="LinuxException">EPERM: not root. Nothing is left behind.</exception>
    public static PrivateNode Create(NodeOptions options)
    {
        var netns = Netns.Create(RunName.Next());
        NetlinkSocket? route = null;
        try
        {
            route = NodeBase.Build(netns, options);
            return new PrivateNode(options, netns, route);
        }
        catch
        {
            route?.Dispose();
            netns.Dispose();
            Netns.Delete(netns.Name!);
            throw;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        Netns.Delete(Netns.Name!);
    }
}
