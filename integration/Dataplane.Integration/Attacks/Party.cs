using System.Net;
using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Linux.Frames;
namespace Dataplane.Integration.Attacks;

/// <summary>An endpoint in an attack: addresses to forge, to aim at, to quote.</summary>
internal sealed record Party(string Name, MacAddress Mac, IPAddress IPv4, IPAddress IPv6)
{
    public static Party Of(PodEntry pod) =>
        new(pod.Name, MacAddress.Parse(pod.Mac!), IPAddress.Parse(pod.IPv4!), IPAddress.Parse(pod.IPv6!));

    public IPAddress Address(AddressFamily family) => family == AddressFamily.InterNetwork ? IPv4 : IPv6;
}

/// <summary>
/// Everybody an attack can use, and the live connection that the attacker is assumed to know to the last number.
/// </summary>
/// <param name="Isolated">Default deny, both ways.</param>
/// <param name="Live">May exchange packets with <paramref name="Friend"/>, and neither with any other pod.</param>
/// <param name="Bystander">No policy: the attacker may talk to it.</param>
/// <param name="Tag">In every packet of the attack.</param>
internal sealed record Scene(Party Attacker, Party Isolated, Party Live, Party Friend, Party Bystander, Party Outside,
    Party Node, LiveSegments Segments, byte[] Tag)
{
    public const ushort TcpPort = 80, UdpPort = 81, UdpClientPort = 40_081;

    /// <summary>Both ports of the node's broadcasts.</summary>
    public const ushort NodePort = 9;
}

/// <summary>A frame that arrived and should not have, or that the attacker may send.</summary>
/// <param name="Where">The endpoint's name, or <c>node</c>.</param>
internal sealed record Sighting(string Where, string What);

/// <summary>The next segment that each end of a live TCP connection would send, by family.</summary>
internal sealed record LiveSegments(IReadOnlyDictionary<AddressFamily, Segment> FromClient,
    IReadOnlyDictionary<AddressFamily, Segment> FromServer);

internal readonly record struct Segment(ushort SourcePort, ushort DestinationPort, uint Sequence, uint Acknowledged);
