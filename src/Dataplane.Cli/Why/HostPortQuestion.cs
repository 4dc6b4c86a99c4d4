using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Why;

/// <summary>A question about a port of the node that leads to a pod: its policies decide, about its own port.</summary>
/// <param name="Note">Says so.</param>
internal sealed record HostPortQuestion(PodEndpoint Pod, Probe Target, string Note)
{
    /// <summary>Null: the question is about something else.</summary>
    /// <param name="only">The family that is asked for; null: both.</param>
    public static HostPortQuestion? Of(Cluster cluster, EndpointGroup to, Probe? probe, AddressFamily? only)
    {
        if (probe is not { } asked || to.Ends is not [var end] || end.AsSelectablePod() is not null) return null;
        foreach (var family in AddressFamilies.All.Where(family => only is null || family == only))
        {
            if (end.AddressIn(family) is not { } address
                || HostPortFrontend.Find(cluster, address, asked) is not { } found)
            {
                continue;
            }
            var target = new Probe(asked.Protocol, found.Port.Target);
            return new HostPortQuestion(found.Pod, target,
                $"{asked} at {address} is a hostPort of {found.Pod.Name}: the answer is about {target} of that pod");
        }
        return null;
    }
}
