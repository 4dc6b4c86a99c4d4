using System.Net;
using System.Net.Sockets;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Layout;

/// <summary>Routing rules and routes that keep a node closed even without its tables.</summary>
internal static class NodeRouting
{
    /// <summary>
    /// Packets from the bridge without a mark are prohibited, also those to the node, and the routes to pods are in a
    /// table that only packets with a mark use. Hence the kernel's rule for local addresses must come after ours.
    /// </summary>
    public static Rule[] Rules(AddressFamily family) =>
    [
        new Rule(family, 100)
        {
            Action = RuleAction.Prohibit, InInterface = NodeShape.Default.Bridge, Mark = 0, Mask = MarkBits.Known,
        },
        new Rule(family, 101) { Table = NodeLayout.PodTable, Mark = MarkBits.Known, Mask = MarkBits.Known },
        new Rule(family, 110) { Table = NodeLayout.LocalTable },
    ];

    /// <summary>
    /// As <see cref="Rules"/>. Where rp_filter is on for an interface outside, the kernel looks the reverse path up as
    /// if the packet came from our bridge, and without its mark: a prohibition as the answer would drop the packet also
    /// where the filter is loose (2). So a packet without a mark first finds a table in which every route leads to the
    /// sink.
    /// </summary>
    public static Rule[] HostRules(AddressFamily family) =>
    [
        new Rule(family, 99)
        {
            Table = NodeLayout.SinkTable, InInterface = NodeShape.Default.Bridge, Mark = 0, Mask = MarkBits.Known,
        },
        .. Rules(family),
    ];

    /// <summary>The kernel's own rule for local addresses, which would come before ours.</summary>
    public static Rule KernelsLocalRule(AddressFamily family) => new(family, 0) { Table = NodeLayout.LocalTable };

    /// <summary>
    /// The route for packets without our mark: to the bridge, where no port has the sink's MAC address.
    /// </summary>
    /// <param name="bridge">The interface index of the bridge.</param>
    public static Route ToSink(InterfaceIndex bridge, IPNetwork destination, IPAddress gateway) => new(destination)
    {
        Gateway = NodeLayout.Sink(gateway.AddressFamily),
        OutInterface = bridge,
        OnLink = true,
        PreferredSource = gateway,
    };
}
