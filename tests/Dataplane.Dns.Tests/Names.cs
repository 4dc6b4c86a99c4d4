using System.Net.Sockets;
using Dataplane.Dns.Zones;
using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Tests;

/// <summary>Manifests to the names of their cluster, by the whole way.</summary>
internal static class Names
{
    public static NameTable Table(string manifests)
    {
        var cluster = ClusterOf(manifests);
        var table = new NameTable();
        foreach (var service in cluster.Services) table.Put(service, ServiceEndpoints.Of(cluster, service));
        foreach (var pod in cluster.Pods) table.Put(pod);
        table.Step();
        return table;
    }

    public static Zone Zone(string manifests)
    {
        var zone = new Zone { Serial = 7 };
        zone.Apply([], [.. Table(manifests).Records]);
        return zone;
    }

    public static Cluster ClusterOf(string manifests)
    {
        var loaded = ManifestLoader.LoadText("m.yaml", manifests);
        Assert.False(loaded.HasErrors, loaded.Report());
        var set = loaded.Manifests;
        var pods = set.Pods.Select(p => new PodEndpoint(p,
            p.RequestedAddresses.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork),
            p.RequestedAddresses.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetworkV6)));
        return new Cluster(set.Namespaces.ToDictionary(n => n.Name), [.. pods], [], new NodeEndpoint(null, null))
        {
            // As planning assigns families where the manifest leaves them open.
            Services = [.. set.Services.Select(s => PlacedService.AsAsked(s) with { Families = AddressFamilies.All })],
            Endpoints = set.Endpoints,
        };
    }
}
