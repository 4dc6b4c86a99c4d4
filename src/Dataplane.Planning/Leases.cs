using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>The addresses assigned to one pod; null where it has none of that family.</summary>
public readonly record struct PodAddresses(IPAddress? IPv4, IPAddress? IPv6)
{
    public IPAddress? Of(AddressFamily family) => new PerFamily<IPAddress?>(IPv4, IPv6)[family];
}

/// <summary>Assigned addresses, by pod. Addresses that a manifest requests for a pod are not included.</summary>
/// <param name="Pods">By <c>namespace/name</c>.</param>
/// <param name="LastIPv4">The last address assigned: the search for a free one continues after it. Null: from the first
/// address.</param>
/// <param name="LastIPv6">As <paramref name="LastIPv4"/>.</param>
public sealed record Leases(ImmutableDictionary<string, PodAddresses> Pods, IPAddress? LastIPv4, IPAddress? LastIPv6)
{
    /// <summary>What Services have.</summary>
    public ServiceLeases Services { get; init; } = ServiceLeases.None;

    public static readonly Leases None = new(ImmutableDictionary<string, PodAddresses>.Empty, null, null);

    /// <summary>The assigned addresses of the pods of a cluster.</summary>
    public static ImmutableDictionary<string, PodAddresses> Assigned(IEnumerable<PodEndpoint> pods) =>
        pods.Where(p => IsAssigned(p.Pod)).ToImmutableDictionary(p => p.Name, p => new PodAddresses(p.IPv4, p.IPv6));

    /// <summary>Whether a pod gets assigned addresses: it has a network of its own and requests none.</summary>
    internal static bool IsAssigned(PodObject pod) => pod is { HostNetwork: false, RequestedAddresses.Count: 0 };
}
