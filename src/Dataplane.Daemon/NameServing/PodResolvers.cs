using System.Net;
using Dataplane.Control.Reconcile;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.NameServing;

/// <summary>Keeps the resolv.conf of the pods that are attached. For one thread at a time.</summary>
internal sealed class PodResolvers(string node)
{
    private IReadOnlyList<LivePod>? _pods;
    private string[] _servers = [];

    /// <summary>At a cost that follows the difference.</summary>
    /// <exception cref="IOException">A file cannot be written, or an <see cref="UnauthorizedAccessException"/>; it is
    /// tried again with the next state.</exception>
    public void Follow(NodeSnapshot snapshot)
    {
        var servers = Servers(snapshot.Cluster);
        var pods = servers.Length == 0 ? [] : snapshot.Pods;
        if (_pods is null || !servers.SequenceEqual(_servers))
        {
            ResolverFiles.RemoveAll(node, pods.Where(HasFile).Select(p => p.NetnsName!).ToHashSet());
            _pods = [];
        }
        var delta = ListDelta.Between(_pods, pods);
        var staying = delta.Added.Where(HasFile).Select(p => p.NetnsName!).ToHashSet();
        foreach (var gone in delta.Removed.Where(p => HasFile(p) && !staying.Contains(p.NetnsName!)))
            ResolverFiles.Remove(gone.NetnsName!);
        foreach (var pod in delta.Added.Where(HasFile)) ResolverFiles.Write(pod, servers);
        (_pods, _servers) = (pods, servers);
    }

    /// <summary>A namespace of somebody else has the files that he gave it.</summary>
    private static bool HasFile(LivePod pod) => pod.NetnsName is not null
        && pod.Pod.Pod is { NetnsName: null, DnsPolicy: DnsPolicy.ClusterFirst };

    /// <summary>The addresses of the name server; none: there is none.</summary>
    public static string[] Servers(Cluster cluster) =>
        cluster.Services.Named(BuiltInObjects.Service, s => s.Name) is not { } service ? []
            : [.. AddressFamilies.All.Select(f => service.Addresses[f]).OfType<IPAddress>().Select(a => $"{a}")];
}
