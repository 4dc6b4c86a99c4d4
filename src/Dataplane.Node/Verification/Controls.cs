using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Node.Verification;

/// <summary>
/// The two controls that every verification has. Positive: a packet from the node to a pod, which no policy may block,
/// must be captured. Negative: a packet from the stranger, a port that no rule knows, must be dropped by the bridge and
/// captured nowhere.
/// </summary>
internal sealed class Controls(Prober prober, Cluster cluster, Stations stations)
{
    private static readonly Probe AnyPort = new(FlowProtocol.Tcp, 9);

    /// <summary>The pod that both controls of a family use; null where no pod has an address of it.</summary>
    public static PodEndpoint? Pod(Cluster cluster, AddressFamily family) =>
        cluster.Pods.FirstOrDefault(p => !p.IsHostNetwork && p.Address(family) is not null);

    /// <summary>A message about the control that failed; null: none failed.</summary>
    public string? Failure()
    {
        foreach (var family in AddressFamilies.All)
        {
            if (Pod(cluster, family) is not { } pod) continue;
            if (!stations.TryGet(pod, out var at)) return $"the controls cannot be sent: {pod.Name} is not attached";
            using var node = Station.OfNode(cluster.Node);
            var positive = One(new Flow(cluster.Node, pod, AnyPort, family), true, node, at);
            if (positive.Measured != Measured.Allowed)
            {
                return $"the positive control failed: a packet from the node to {pod.Name} ({family.Text()}) "
                    + $"was not captured at the pod{Why(positive)}";
            }
            var outsider = new ExternalEndpoint(stations.Stranger.Address(family).ToIPAddress());
            var negative = One(new Flow(outsider, pod, AnyPort, family), false, stations.Stranger, at);
            if (negative.Measured != Measured.Denied)
            {
                return "the negative control failed: "
                    + $"a packet from a port that no rule knows to {pod.Name} ({family.Text()}) was not dropped";
            }
        }
        return null;
    }

    private FlowResult One(Flow flow, bool expected, Station from, Station to)
    {
        ProbeState[] probe = [new(flow, from, to)];
        prober.Probe(probe, null, default);
        return probe[0].Result(expected);
    }

    private static string Why(FlowResult result) =>
        result.DropReason is null ? "" : $", the drop log says \"{result.DropReason}\"";
}
