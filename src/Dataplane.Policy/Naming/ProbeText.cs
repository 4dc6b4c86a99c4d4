using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>Probes as users write them.</summary>
public static class ProbeText
{
    /// <summary>
    /// <c>TCP:80</c>, <c>tcp/80</c>, <c>80/TCP</c> (as kubectl prints container ports), <c>TCP 80</c> (as we print
    /// them), <c>icmp</c>; in any case. A number alone is a TCP port. Ports are 1 to 65535.
    /// </summary>
    public static bool TryParse(string text, out Probe probe, [NotNullWhen(false)] out string? error)
    {
        probe = default;
        var parts = text.Trim().Split([':', '/', ' ']);
        switch (parts)
        {
            case [var only] when Protocol(only) is FlowProtocol.Icmp:
                probe = new Probe(FlowProtocol.Icmp, 0);
                error = null;
                return true;
            case [var only] when IsNumber(only):
                return TryPort(text, FlowProtocol.Tcp, only, out probe, out error);
            case [var first, _] when Protocol(first) is FlowProtocol.Icmp:
                error = $"\"{text}\": ICMP has no port";
                return false;
            case [var first, var second] when Protocol(first) is { } protocol:
                return TryPort(text, protocol, second, out probe, out error);
            case [var first, var second] when Protocol(second) is { } protocol && protocol != FlowProtocol.Icmp:
                return TryPort(text, protocol, first, out probe, out error);
            default:
                error = $"\"{text}\" is no probe; write 80 (TCP), TCP:80, UDP:53, SCTP:132 or ICMP";
                return false;
        }
    }

    private static bool TryPort(string text, FlowProtocol protocol, string number, out Probe probe,
        [NotNullWhen(false)] out string? error)
    {
        var valid = ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0;
        probe = valid ? new Probe(protocol, port) : default;
        error = valid ? null : $"\"{text}\": a port is a number from 1 to 65535";
        return valid;
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static FlowProtocol? Protocol(string text) => text.ToUpperInvariant() switch
    {
        "TCP" => FlowProtocol.Tcp,
        "UDP" => FlowProtocol.Udp,
        "SCTP" => FlowProtocol.Sctp,
        "ICMP" => FlowProtocol.Icmp,
        _ => null,
    };
}
