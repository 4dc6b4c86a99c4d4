using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Services.Names;

/// <summary>
/// What the programs of a pod take their host's name for, as the kubelet has it (GeneratePodHostNameAndDomain).
/// </summary>
/// <param name="Name">Without its domain.</param>
/// <param name="Domain">Empty: it has none.</param>
/// <param name="Host">The name of the host itself: <paramref name="Name"/>, or with the domain where the pod asks for
/// that.</param>
public readonly record struct PodHostName(string Name, string Domain, string Host)
{
    /// <summary>A longer name of a pod is cut, and one with its domain that is longer than the kernel takes is
    /// not used: Kubernetes does not start such a pod.</summary>
    private const int LongestLabel = 63, LongestHost = 64;

    public static PodHostName Of(PodObject pod)
    {
        if (pod.Host.Override is { } other) return new PodHostName(other, "", other);
        var name = pod.HostName ?? pod.Name;
        if (name.Length > LongestLabel) name = name[..LongestLabel].TrimEnd('-', '.');
        var domain = pod.Subdomain is { } sub ? $"{sub}.{pod.Namespace}.svc.{ServiceRecords.Domain}" : "";
        var full = domain.Length == 0 ? name : $"{name}.{domain}";
        return new PodHostName(name, domain, pod.Host.IsFull && full.Length <= LongestHost ? full : name);
    }

    /// <summary>The lines of /etc/hosts of a pod, as the kubelet writes them (managedHostsFileContent).</summary>
    public static IReadOnlyList<string> Hosts(PodEndpoint pod)
    {
        var (name, domain, _) = Of(pod.Pod);
        var names = domain.Length == 0 ? name : $"{name}.{domain}\t{name}";
        return
        [
            "# Kubernetes-managed hosts file.",
            "127.0.0.1\tlocalhost",
            "::1\tlocalhost ip6-localhost ip6-loopback",
            "fe00::0\tip6-localnet",
            "fe00::0\tip6-mcastprefix",
            "fe00::1\tip6-allnodes",
            "fe00::2\tip6-allrouters",
            .. AddressFamilies.All.Select(pod.Address).OfType<IPAddress>().Select(a => $"{a}\t{names}"),
            .. pod.Pod.Host.Aliases.Count == 0 ? [] : (string[])["", "# Entries added by HostAliases."],
            .. pod.Pod.Host.Aliases.Select(a => $"{a.Address}\t{string.Join('\t', a.Names)}"),
        ];
    }
}
