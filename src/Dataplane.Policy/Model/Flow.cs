using System.Net.Sockets;

namespace Dataplane.Policy.Model;

/// <summary>
/// What a probe or a rule is about. The numbers are the IP protocol numbers; ICMP covers ICMPv6 (58) too.
/// </summary>
public enum FlowProtocol : byte { Icmp = 1, Tcp = 6, Udp = 17, Sctp = 132 }

/// <summary>A probe: protocol and destination port. ICMP has no port (0).</summary>
public readonly record struct Probe(FlowProtocol Protocol, ushort Port)
{
    /// <summary><c>TCP 80</c>; <c>ICMP</c>, which has no port.</summary>
    public override string ToString() => Protocol == FlowProtocol.Icmp ? Protocol.Text() : $"{Protocol.Text()} {Port}";
}

/// <summary>One end of a flow: a pod, an address outside the pod network, or the node itself.</summary>
public abstract record Endpoint
{
    /// <summary>The spelling users read and write: <c>namespace/pod</c>, an address, or <c>node</c>.</summary>
    public abstract string Name { get; }
}

/// <summary>A new connection (or first packet) from one address to another.</summary>
public readonly record struct Flow(Endpoint From, Endpoint To, Probe Probe, AddressFamily Family);
