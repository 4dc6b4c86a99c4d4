using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;
using Dataplane.Policy.Warnings;
namespace Dataplane.Policy.Tests.Warnings;

/// <summary>
/// Manifests as a cluster with addresses (10.244.0.n and fd00:10:244::n, n from 2), and the warnings about them.
/// </summary>
internal static class WarningsOf
{
    public static IReadOnlyList<Diagnostic> Text(string text) => Load("m.yaml", text).Warnings;

    public static (LoadResult Loaded, IReadOnlyList<Diagnostic> Warnings) Load(string file, string text)
    {
        var loaded = ManifestLoader.LoadText(file, text);
        Assert.False(loaded.HasErrors, loaded.Report());
        return (loaded, SemanticWarnings.Find(ClusterOf(loaded.Manifests), loaded.Sources));
    }

    public static Cluster ClusterOf(ManifestSet set) => new(set.Namespaces.ToDictionary(n => n.Name),
        [.. set.Pods.Select((p, i) => p.HostNetwork ? new PodEndpoint(p, Lab.Node.IPv4, Lab.Node.IPv6)
            : new PodEndpoint(p, IPAddress.Parse($"10.244.{(i + 2) / 256}.{(i + 2) % 256}"),
                IPAddress.Parse($"fd00:10:244::{i + 2:x}")))],
        set.NetworkPolicies, Lab.Node)
    {
        TierPolicies = set.TierPolicies,
        Unseen = set.Unseen,
        Services = [.. set.Services.Select(PlacedService.AsAsked)],
        Endpoints = set.Endpoints,
        BrokenPolicies = set.BrokenPolicies,
        EndedPods = set.EndedPods,
    };
}
