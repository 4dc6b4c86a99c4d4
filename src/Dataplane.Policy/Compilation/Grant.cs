using System.Net.Sockets;
using Dataplane.Kubernetes;

namespace Dataplane.Policy.Compilation;

public enum Direction { Egress, Ingress }

/// <summary>Peers outside the pod network: ranges, merged, per family.</summary>
internal sealed record ExternalPeers(IReadOnlyList<AddressRange> IPv4, IReadOnlyList<AddressRange> IPv6)
{
    public static readonly ExternalPeers None = new([], []);
    public static readonly ExternalPeers Everyone = new(
        [new AddressRange(0, uint.MaxValue)], [new AddressRange(0, UInt128.MaxValue)]);

    public IReadOnlyList<AddressRange> Of(AddressFamily family) => family == AddressFamily.InterNetwork ? IPv4 : IPv6;

    /// <summary>Whether the ranges are every address of the family.</summary>
    public static bool CoversAll(IReadOnlyList<AddressRange> ranges, AddressFamily family) =>
        ranges.Count == 1 && ranges[0] == new AddressRange(0, AddressRange.Highest(family));
}

/// <summary>As <see cref="PeerSet"/>, for peers outside the pod network.</summary>
internal sealed record ExternalSet(ExternalPeers Members, ExternalPeers Hull)
{
    public static readonly ExternalSet None = new(ExternalPeers.None, ExternalPeers.None);
    public static readonly ExternalSet Everyone = new(ExternalPeers.Everyone, ExternalPeers.Everyone);
}

/// <summary>One compiled rule: these subjects may exchange these ports with these peers, in one direction.</summary>
internal sealed record Grant(AddressSet Subjects, PeerSet Peers, ExternalSet External, IReadOnlyList<PortRange> Ports);

/// <summary>A policy's subjects in one direction: isolated there, whatever the rules say.</summary>
internal sealed record Isolation(AddressSet Subjects, NetworkPolicyObject Policy);
