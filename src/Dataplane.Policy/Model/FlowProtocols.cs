using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Model;

public static class FlowProtocols
{
    /// <summary>The spelling of Kubernetes: <c>TCP</c>, <c>UDP</c>, <c>SCTP</c>; and <c>ICMP</c>.</summary>
    public static string Text(this FlowProtocol protocol) => protocol switch
    {
        FlowProtocol.Tcp => "TCP",
        FlowProtocol.Udp => "UDP",
        FlowProtocol.Sctp => "SCTP",
        FlowProtocol.Icmp => "ICMP",
        _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, null),
    };

    public static FlowProtocol ToFlowProtocol(this TransportProtocol protocol) => protocol switch
    {
        TransportProtocol.Tcp => FlowProtocol.Tcp,
        TransportProtocol.Udp => FlowProtocol.Udp,
        TransportProtocol.Sctp => FlowProtocol.Sctp,
        _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, null),
    };
}
