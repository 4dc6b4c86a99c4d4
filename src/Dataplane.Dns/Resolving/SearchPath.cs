using Dataplane.Services.Names;

namespace Dataplane.Dns.Resolving;

/// <summary>The names that a pod's resolver tries, resolv.conf(5): dnsPolicy ClusterFirst, ndots 5.</summary>
public static class SearchPath
{
    /// <summary>A name with fewer dots is tried below the domains first.</summary>
    public const int Dots = 5;

    /// <summary>The domains that a pod of a namespace looks in.</summary>
    public static IReadOnlyList<string> Of(string ns) =>
        [$"{ns}.svc.{ServiceRecords.Domain}", $"svc.{ServiceRecords.Domain}", ServiceRecords.Domain];

    /// <summary>In their order, without final dots.</summary>
    /// <param name="name">With a final dot it is tried as it is, and nothing else.</param>
    public static IReadOnlyList<string> Queries(string name, string ns)
    {
        if (name.EndsWith('.')) return [name[..^1]];
        var below = Of(ns).Select(domain => $"{name}.{domain}");
        return name.Count(c => c == '.') < Dots ? [.. below, name] : [name, .. below];
    }
}
