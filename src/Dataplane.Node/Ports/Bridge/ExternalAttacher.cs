using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Layout;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Ports.Bridge;

/// <summary>Attaches an address outside the pod network, in a namespace of its own behind a routed veth pair.</summary>
internal static class ExternalAttacher
{
    public static Attachment Attach(BridgePorts node, ExternalEndpoint external)
    {
        var number = node.NextNumber();
        var index = number.Index;
        var attachment = new Attachment(external, Netns.CreateAnonymous(), number.OutsideName, index, number.FarMac,
            number.NearMac, [external.Address])
        {
            Number = number,
        };
        node.Attachments.Add(attachment);
        Sysctl.Write(attachment.Netns, NodeSysctls.Pod);
        node.Route.Commit($"attach {external.Name}", batch =>
        {
            Links.AddVeth(batch, new VethRequest(attachment.Port, "eth0", attachment.Netns)
            {
                Index = index,
                PeerIndex = NodeLayout.PodInterface,
                Mac = attachment.NextHop,
                PeerMac = attachment.Mac,
            });
            Links.SetUp(batch, index);
            Neighbours.SetPermanent(batch, index, external.Address, attachment.Mac);
            Routes.Add(batch, new Route(NodeLayout.Host(external.Address))
            {
                OutInterface = index,
                PreferredSource = node.Plan.Gateway(external.Address.AddressFamily),
            });
        });
        using var inside = NetlinkSocket.Open(NetlinkProtocol.Route, attachment.Netns);
        PodAttacher.FarSide(node, attachment, inside);
        Carrier.Await(node, index);
        Carrier.AwaitAddresses(attachment, inside);
        return attachment;
    }
}
