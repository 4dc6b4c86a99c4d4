namespace Dataplane.Rules.Shape;

/// <summary>The prefixes of the drop log: why a packet was dropped.</summary>
public static class DropReason
{
    /// <summary>The source is isolated for egress and no rule allows the flow.</summary>
    public const string Egress = "egress";

    /// <summary>The destination is isolated for ingress and no rule allows the flow.</summary>
    public const string Ingress = "ingress";

    /// <summary>An Admin or Baseline rule denies the flow at its source.</summary>
    public const string EgressTier = "egress-tier";

    /// <summary>An Admin or Baseline rule denies the flow at its destination.</summary>
    public const string IngressTier = "ingress-tier";

    /// <summary>Port, MAC address and IP address do not belong together, or the pod is not programmed.</summary>
    public const string Spoof = "spoof";

    /// <summary>A frame for another MAC address than the gateway's.</summary>
    public const string NotToGateway = "not-to-gateway";

    /// <summary>
    /// The frame asks the kernel to write a checksum somewhere else than into its transport header, or is a fragment
    /// that asks for one.
    /// </summary>
    public const string ForgedChecksum = "forged-checksum";

    /// <summary>The frame asks to be cut into segments that its protocol does not have, or into far too many.</summary>
    public const string ForgedSegments = "forged-segments";

    /// <summary>An IP header that is cut off, or more extension headers than RFC 8200 has places for.</summary>
    public const string UnreadableHeader = "unreadable-header";

    /// <summary>The pod sends more fragments than its share of the memory in which they are collected.</summary>
    public const string TooManyFragments = "too-many-fragments";

    /// <summary>A fragment of a pod, on a kernel where no guard can look at it.</summary>
    public const string Fragment = "fragment";

    /// <summary>The frame came by a port that has lost its guard, or never had one.</summary>
    public const string Unguarded = "unguarded";

    /// <summary>A frame that a port delivered to the node without passing the bridge.</summary>
    public const string PortDirect = "port-direct";

    /// <summary>A pod's address as source, received on an interface that is not the bridge.</summary>
    public const string SpoofOutside = "spoof-outside";

    /// <summary>Addressed to the pod network, but no programmed pod has the address.</summary>
    public const string NoPod = "no-pod";

    /// <summary>Received from the bridge without an identity.</summary>
    public const string Unidentified = "unidentified";

    /// <summary>Conntrack calls the packet invalid: a wrong checksum, or a TCP segment of no connection.</summary>
    public const string Invalid = "invalid";

    /// <summary>A packet that conntrack does not track, such as neighbour discovery.</summary>
    public const string Untracked = "untracked";

    /// <summary>An ICMP error about a flow that has not been judged in this epoch.</summary>
    public const string StaleRelated = "stale-related";

    /// <summary>An ICMP error from a sender that has no part in the connection it is about.</summary>
    public const string ForgedError = "forged-error";

    /// <summary>The pod has reached its limit of open connections.</summary>
    public const string TooManyConnections = "too-many-connections";

    /// <summary>From a pod to a multicast or broadcast address of the node.</summary>
    public const string NotUnicast = "not-unicast";

    /// <summary>To a Service that is to be answered by pods of this node alone, and none of them is ready.</summary>
    public const string NoLocalBackend = "no-local-backend";

    /// <summary>To a Service from a source that its loadBalancerSourceRanges do not name.</summary>
    public const string ServiceSource = "service-source";

    /// <summary>IPv6 from outside with a source that is not reached by the interface it came in on.</summary>
    public const string NoRouteBack = "no-route-back";
}
