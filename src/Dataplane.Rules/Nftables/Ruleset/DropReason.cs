namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>The prefixes of our drop log: why a packet was dropped.</summary>
public static class DropReason
{
    /// <summary>The source is isolated for egress and no rule allows the flow.</summary>
    public const string Egress = "egress";

    /// <summary>The destination is isolated for ingress and no rule allows the flow.</summary>
    public const string Ingress = "ingress";

    /// <summary>An Admin or Baseline rule denies the flow to leave its source.</summary>
    public const string EgressTier = "egress-tier";

    /// <summary>An Admin or Baseline rule denies the flow to enter its destination.</summary>
    public const string IngressTier = "ingress-tier";

    /// <summary>Port, MAC address and IP address do not belong together, or the pod is not programmed.</summary>
    public const string Spoof = "spoof";

    /// <summary>A frame for another MAC address than the gateway's.</summary>
    public const string NotToGateway = "not-to-gateway";

    /// <summary>A frame that a port delivered past the bridge.</summary>
    public const string PortDirect = "port-direct";

    /// <summary>A pod's address on an interface that is not the bridge.</summary>
    public const string SpoofOutside = "spoof-outside";

    /// <summary>Bound for the pod network, but no programmed pod has the address.</summary>
    public const string NoPod = "no-pod";

    /// <summary>From the bridge without identity.</summary>
    public const string Unidentified = "unidentified";

    /// <summary>Conntrack calls the packet invalid: wrong checksum, a TCP segment of no connection.</summary>
    public const string Invalid = "invalid";

    /// <summary>Neighbour discovery and the like, which conntrack does not follow.</summary>
    public const string Untracked = "untracked";

    /// <summary>An ICMP error about a flow that was not judged in this epoch yet.</summary>
    public const string StaleRelated = "stale-related";

    /// <summary>An ICMP error from somebody who has no part in the connection it is about.</summary>
    public const string ForgedError = "forged-error";

    /// <summary>The pod has as many connections open as one may have.</summary>
    public const string TooManyConnections = "too-many-connections";

    /// <summary>From a pod to the node's groups or to everybody.</summary>
    public const string NotUnicast = "not-unicast";

    /// <summary>IPv6 from outside whose source is not behind the interface it came in on.</summary>
    public const string NoRouteBack = "no-route-back";
}
