using System.Net;

namespace Dataplane.Kubernetes.Objects;

/// <summary>What programs of a pod take their host's name for, and which names they know without asking.</summary>
/// <param name="Override">spec.hostnameOverride: in place of hostname and subdomain, in the pod alone; null:
/// none.</param>
/// <param name="IsFull">spec.setHostnameAsFQDN: the name of the host has its domain.</param>
/// <param name="Aliases">spec.hostAliases: lines of /etc/hosts.</param>
public sealed record PodHost(string? Override, bool IsFull, IReadOnlyList<HostAlias> Aliases)
{
    /// <summary>Of a pod that says nothing of it.</summary>
    public static readonly PodHost Usual = new(null, false, []);
}

/// <summary>core/v1 HostAlias: an address, and names of it.</summary>
public sealed record HostAlias(IPAddress Address, IReadOnlyList<string> Names);
