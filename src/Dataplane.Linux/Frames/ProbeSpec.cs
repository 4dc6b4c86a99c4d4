namespace Dataplane.Linux.Frames;

/// <summary>
/// The identity by which a probe is recognised: id, protocol, addresses and ports. A captured packet is this probe only
/// if all of them are equal: replies and ICMP errors carry the id too.
/// </summary>
/// <param name="Id">
/// Any number but 0 (an SCTP initiate tag of 0 is invalid). TCP: the sequence number. SCTP: the initiate tag. UDP: in
/// the payload, behind a magic number. ICMP: identifier (low half) and sequence number (high half), and again in the
/// payload. Consecutive ids give different ICMP identifiers, so that conntrack never takes a probe for part of the echo
/// exchange before it.
/// </param>
/// <param name="SourcePort">0 for ICMP.</param>
/// <param name="DestinationPort">0 for ICMP.</param>
public readonly record struct ProbeIdentity(
    uint Id, IpProtocol Protocol, IpAddressValue Source, IpAddressValue Destination, ushort SourcePort,
        ushort DestinationPort)
{
    /// <summary>The opposite direction: what the addresses and ports of an answer look like.</summary>
    internal ProbeIdentity Reversed => new(Id, Protocol, Destination, Source, DestinationPort, SourcePort);
}

/// <summary>A probe as it leaves its source: the identity and what only the wire needs.</summary>
public readonly record struct ProbeSpec(MacAddress SourceMac, MacAddress DestinationMac, ProbeIdentity Identity)
{
    /// <summary>
    /// DSCP and ECN. A fixed value lets a capture filter find probes cheaply; answers of the kernel may echo it.
    /// </summary>
    public byte TrafficClass { get; init; }

    /// <summary>Time to live or hop limit, 1 to 255; default 64.</summary>
    public byte HopLimit { get; init; } = 64;
}
