using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Matrix;

/// <summary>Which probes to ask for, and in which order to show them.</summary>
public static class Probes
{
    /// <summary>The probe where no port is declared: TCP 80.</summary>
    public static readonly Probe Fallback = new(FlowProtocol.Tcp, 80);

    /// <summary>Every port that any pod declares, once; <see cref="Fallback"/> where none declares any.</summary>
    public static IReadOnlyList<Probe> Default(Cluster cluster) =>
        Declared(cluster.Pods.SelectMany(pod => pod.Pod.Ports));

    /// <summary>
    /// Every port that a destination declares, once; <see cref="Fallback"/> where it declares none, as all but pods do.
    /// </summary>
    public static IReadOnlyList<Probe> Declared(Endpoint destination) =>
        Declared(destination is PodEndpoint pod ? pod.Pod.Ports : []);

    private static IReadOnlyList<Probe> Declared(IEnumerable<ContainerPort> ports)
    {
        var declared = Sorted(ports.Select(port => new Probe(port.Protocol.ToFlowProtocol(), port.Port)));
        return declared.Count > 0 ? declared : [Fallback];
    }

    /// <summary>Without repeats; TCP, UDP, SCTP, ICMP, then by port.</summary>
    public static IReadOnlyList<Probe> Sorted(IEnumerable<Probe> probes) =>
        [.. probes.Distinct().OrderBy(probe => Rank(probe.Protocol)).ThenBy(probe => probe.Port)];

    private static int Rank(FlowProtocol protocol) => protocol == FlowProtocol.Icmp ? int.MaxValue : (int)protocol;
}
