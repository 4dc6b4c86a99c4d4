using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>Port numbers and protocols, as policies and pods write them.</summary>
internal static class Ports
{
    public const string IcmpHasNone = "ICMP has no ports: a rule without `ports` lets it pass";

    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];

    /// <summary>A number from 1 to 65535; otherwise reported and null.</summary>
    public static ushort? Number(NodeReader at)
    {
        if (at.Integer() is not { } value)
        {
            return null;
        }
        if (value is < 1 or > ushort.MaxValue)
        {
            at.Error(Codes.InvalidPort, $"{value} is not a port number", "ports are 1 to 65535");
            return null;
        }
        return (ushort)value;
    }

    /// <summary>The edit that exchanges two numbers.</summary>
    public static Fix Swapped(NodeReader first, NodeReader last) => new([
        YamlText.Replace(first.Position, first.Length, ((YamlScalar)last.Node).Value),
        YamlText.Replace(last.Position, last.Length, ((YamlScalar)first.Node).Value)]);

    /// <summary>TCP, UDP or SCTP in capitals; otherwise reported and null.</summary>
    /// <param name="insteadOfIcmp">What lets ICMP pass, said where ICMP is written; null where nothing does.</param>
    public static TransportProtocol? Protocol(NodeReader at, string? insteadOfIcmp = null)
    {
        var icmp = at.Node is YamlScalar { Value: var value }
            && value.StartsWith("ICMP", StringComparison.OrdinalIgnoreCase);
        return Words.Read(at, Protocols, icmp ? insteadOfIcmp : null) switch
        {
            "TCP" => TransportProtocol.Tcp,
            "UDP" => TransportProtocol.Udp,
            "SCTP" => TransportProtocol.Sctp,
            _ => null,
        };
    }
}
