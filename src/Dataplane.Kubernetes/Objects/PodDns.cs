using System.Net;

namespace Dataplane.Kubernetes.Objects;

/// <summary>dnsPolicy and dnsConfig of core/v1 PodSpec: whom a pod asks for names, and how.</summary>
/// <param name="Servers">dnsConfig.nameservers, three at most: behind those of the policy.</param>
/// <param name="Searches">dnsConfig.searches, as they stand there: behind those of the policy.</param>
/// <param name="Options">dnsConfig.options: in place of those of the policy that have the same name.</param>
public sealed record PodDns(DnsPolicy Policy, IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Searches,
    IReadOnlyList<DnsOption> Options)
{
    /// <summary>Of a pod that says nothing of names.</summary>
    public static readonly PodDns Usual = new(DnsPolicy.ClusterFirst, [], [], []);

    /// <summary>Whether it says more than the policy.</summary>
    public bool HasConfig => Servers.Count + Searches.Count + Options.Count > 0;
}

/// <summary>core/v1 PodDNSConfigOption, such as <c>ndots:2</c> of resolv.conf(5).</summary>
/// <param name="Value">Null: it has none.</param>
public readonly record struct DnsOption(string Name, string? Value);
