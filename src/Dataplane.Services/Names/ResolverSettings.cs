using System.Net;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Services.Names;

/// <summary>
/// Whom a program asks for names, and which: resolv.conf(5). For a pod it is put together as the kubelet does it
/// (pkg/kubelet/network/dns), but that a pod which asks the cluster's server does not look in the domains of the
/// machine: what a name means does not depend on where the pod is.
/// </summary>
/// <param name="Servers">In the order in which they are asked.</param>
/// <param name="Searches">The domains that are looked in, in their order.</param>
/// <param name="Options">Such as <c>ndots:5</c>.</param>
public sealed record ResolverSettings(
    IReadOnlyList<IPAddress> Servers, IReadOnlyList<string> Searches, IReadOnlyList<string> Options)
{
    /// <summary>What the kubelet writes, and resolvers read.</summary>
    private const int MostServers = 3, MostSearches = 32, LongestSearches = 2048;

    /// <summary>Where none is said, and the most that glibc takes.</summary>
    private const int UsualDots = 1, MostDots = 15;

    /// <summary>A name with fewer dots is looked for in the domains first.</summary>
    private const string UsualOfPods = "ndots:5";

    /// <summary>A name with fewer dots than this is looked for in the domains first.</summary>
    public int Dots => Options.LastOrDefault(o => o.StartsWith("ndots:", StringComparison.Ordinal)) is { } option
        && int.TryParse(option["ndots:".Length..], out var dots) ? Math.Clamp(dots, 0, MostDots) : UsualDots;

    /// <summary>Those of a pod.</summary>
    /// <param name="cluster">The addresses of the cluster's name server; none: there is none, and the pod asks those
    /// of the machine.</param>
    /// <param name="machine">What the machine itself has.</param>
    public static ResolverSettings Of(PodObject pod, IReadOnlyList<IPAddress> cluster, ResolverSettings machine)
    {
        var basis = pod.Dns.Policy == DnsPolicy.None ? new ResolverSettings([], [], [])
            : AsksCluster(pod) && cluster.Count > 0
                ? new ResolverSettings(cluster, DomainsOf(pod.Namespace), [UsualOfPods]) : machine;
        var searches = Limited([.. basis.Searches.Concat(pod.Dns.Searches).Distinct()]);
        return new ResolverSettings([.. basis.Servers.Concat(pod.Dns.Servers).Distinct().Take(MostServers)],
            searches, Merged(basis.Options, pod.Dns.Options));
    }

    /// <summary>Whether its policy is to ask the cluster's name server, where there is one.</summary>
    public static bool AsksCluster(PodObject pod) => pod.Dns.Policy == DnsPolicy.ClusterFirstWithHostNet
        || (pod.Dns.Policy == DnsPolicy.ClusterFirst && !pod.HostNetwork);

    /// <summary>As resolv.conf(5) has them: the last list of domains counts, and unknown lines do not.</summary>
    public static ResolverSettings Parse(IEnumerable<string> lines)
    {
        var (servers, searches, options) = (new List<IPAddress>(), new List<string>(), new List<string>());
        foreach (var line in lines)
        {
            if (line.Split(' ', '\t') is not [var keyword, ..] all) continue;
            string[] words = [.. all.Skip(1).Where(w => w.Length > 0)];
            if (keyword == "nameserver" && words.Length > 0 && IPAddress.TryParse(words[0], out var address))
                servers.Add(address);
            if (keyword is "search" or "domain") searches = [.. words];
            if (keyword == "options") options.AddRange(words);
        }
        return new ResolverSettings([.. servers.Take(MostServers)], searches, options);
    }

    /// <summary>The lines of resolv.conf.</summary>
    public IEnumerable<string> Lines() =>
    [
        .. Servers.Select(s => $"nameserver {s}"),
        .. Searches.Count == 0 ? [] : (string[])[$"search {string.Join(' ', Searches)}"],
        .. Options.Count == 0 ? [] : (string[])[$"options {string.Join(' ', Options)}"],
    ];

    /// <summary>The names that are asked for, in their order, without final dots.</summary>
    /// <param name="name">With a final dot it is tried as it is, and nothing else.</param>
    public IReadOnlyList<string> Queries(string name)
    {
        if (name.EndsWith('.')) return [name[..^1]];
        var below = Searches.Select(d => d == "." ? name : $"{name}.{(d.EndsWith('.') ? d[..^1] : d)}");
        string[] all = name.Count(c => c == '.') < Dots ? [.. below, name] : [name, .. below];
        return [.. all.Distinct()];
    }

    private static string[] DomainsOf(string ns) =>
        [$"{ns}.svc.{ServiceRecords.Domain}", $"svc.{ServiceRecords.Domain}", ServiceRecords.Domain];

    /// <summary>As many as fit, from the first on.</summary>
    private static string[] Limited(string[] searches)
    {
        var count = Math.Min(searches.Length, MostSearches);
        while (string.Join(' ', searches[..count]).Length > LongestSearches) count--;
        return searches[..count];
    }

    private static List<string> Merged(IReadOnlyList<string> basis, IReadOnlyList<DnsOption> more)
    {
        var all = basis.ToList();
        foreach (var (name, value) in more)
        {
            all.RemoveAll(o => o.Split(':')[0] == name);
            all.Add(string.IsNullOrEmpty(value) ? name : $"{name}:{value}");
        }
        return all;
    }
}
