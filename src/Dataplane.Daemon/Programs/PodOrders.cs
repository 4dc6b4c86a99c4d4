using System.Net;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Configuration;
using Dataplane.Policy.Model;
using Dataplane.Runtime.Commands;
using Dataplane.Runtime.Supervision;
using Dataplane.Services.Names;

namespace Dataplane.Daemon.Programs;

/// <summary>What is to run in a pod, as the supervisor is told.</summary>
internal static class PodOrders
{
    /// <summary>The namespace of the process itself: of a host node's hostNetwork pods.</summary>
    private const string OwnNetns = "/proc/self/ns/net";

    /// <param name="netns">Of a pod with a network of its own; null: it has the node's.</param>
    /// <param name="before">What runs in the pod already; null: nothing.</param>
    /// <returns>
    /// <paramref name="before"/> itself where that is what is to run, and one of its identity where only facts differ:
    /// they are for the next start, and end nothing.
    /// </returns>
    public static PodOrder Of(PodEndpoint pod, string? netns, NodeSnapshot snapshot, DaemonOptions options,
        PodOrder? before)
    {
        var (of, node) = (pod.Pod, snapshot.Cluster.Node);
        var order = new PodOrder(of.Namespace, of.Name, Guid.NewGuid().ToString(),
            netns ?? (options.IsHost ? OwnNetns : options.NodeName), PodHostName.Of(of).Host, of.Programs,
            new PodFacts(of.Namespace, of.Name, of.Labels, Addresses(pod.IPv4, pod.IPv6),
                of.NodeName ?? snapshot.Cluster.NodeName ?? options.NodeName, Addresses(node.IPv4, node.IPv6)));
        if (before is null || !IsSame(before, order)) return order;
        return before.Facts.Equals(order.Facts) ? before : order with { Identity = before.Identity };
    }

    private static bool IsSame(PodOrder before, PodOrder order) =>
        (before.Netns, before.HostName, before.Programs) == (order.Netns, order.HostName, order.Programs)
        && before.Facts.Addresses.SequenceEqual(order.Facts.Addresses);

    private static IReadOnlyList<IPAddress> Addresses(IPAddress? first, IPAddress? second) =>
        [.. new[] { first, second }.OfType<IPAddress>()];
}
