using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning;

/// <summary>The addresses that one pod was assigned; null: none of that family.</summary>
public readonly record struct PodAddresses(IPAddress? IPv4, IPAddress? IPv6)
{
    public IPAddress? Of(AddressFamily family) => family == AddressFamily.InterNetwork ? IPv4 : IPv6;
}

/// <summary>Who was assigned what. Addresses that a manifest asks for are not among them.</summary>
/// <param name="Pods">By <c>namespace/name</c>.</param>
/// <param name="LastIPv4">The last that was assigned: the search for a free one goes on behind it. Null: from the beginning.</param>
/// <param name="LastIPv6">As <paramref name="LastIPv4"/>.</param>
public sealed record Leases(ImmutableDictionary<string, PodAddresses> Pods, IPAddress? LastIPv4, IPAddress? LastIPv6)
{
    public static readonly Leases None = new(ImmutableDictionary<string, PodAddresses>.Empty, null, null);

    /// <summary>What the pods of a cluster have, as far as no manifest asks for it.</summary>
    public static ImmutableDictionary<string, PodAddresses> Assigned(IEnumerable<PodEndpoint> pods) =>
        pods.Where(p => IsAssigned(p.Pod)).ToImmutableDictionary(p => p.Name, p => new PodAddresses(p.IPv4, p.IPv6));

    /// <summary>It has a network of its own, and addresses that nobody asked for.</summary>
    internal static bool IsAssigned(PodObject pod) => pod is { HostNetwork: false, RequestedAddresses.Count: 0 };
}
