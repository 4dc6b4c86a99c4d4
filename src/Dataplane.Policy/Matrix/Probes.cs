using Dataplane.Policy.Model;

namespace Dataplane.Policy.Matrix;

/// <summary>Which probes to ask for, and in which order to show them.</summary>
public static class Probes
{
    /// <summary>Every port that any pod declares, once; <c>TCP 80</c> where none declares any.</summary>
    public static IReadOnlyList<Probe> Default(Cluster cluster)
    {
        var declared = Sorted(cluster.Pods
            .SelectMany(pod => pod.Pod.Ports)
            .Select(port => new Probe(port.Protocol.ToFlowProtocol(), port.Port)));
        return declared.Count > 0 ? declared : [new Probe(FlowProtocol.Tcp, 80)];
    }

    /// <summary>Without repeats; TCP, UDP, SCTP, ICMP, then by port.</summary>
    public static IReadOnlyList<Probe> Sorted(IEnumerable<Probe> probes) =>
        [.. probes.Distinct().OrderBy(probe => Rank(probe.Protocol)).ThenBy(probe => probe.Port)];

    private static int Rank(FlowProtocol protocol) => protocol == FlowProtocol.Icmp ? int.MaxValue : (int)protocol;
}
