using Dataplane.Policy.Model;

namespace Dataplane.Policy.Matrix;

/// <summary>In which order probes are asked for and shown.</summary>
public static class Probes
{
    /// <summary>The probe where no port is declared or named: TCP 80.</summary>
    public static readonly Probe Fallback = new(FlowProtocol.Tcp, 80);

    /// <summary>Without repeats; TCP, UDP, SCTP, ICMP, then by port.</summary>
    public static IReadOnlyList<Probe> Sorted(IEnumerable<Probe> probes) =>
        [.. probes.Distinct().OrderBy(probe => Rank(probe.Protocol)).ThenBy(probe => probe.Port)];

    private static int Rank(FlowProtocol protocol) => protocol == FlowProtocol.Icmp ? int.MaxValue : (int)protocol;
}
