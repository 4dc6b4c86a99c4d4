using System.Net;
using Dataplane.Control.Reconcile;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Node.Live;
using Dataplane.Planning;
using Dataplane.Policy.Model;
using Dataplane.Services.Names;

namespace Dataplane.Daemon.NameServing;

/// <summary>
/// Keeps the files of the pods that are attached: resolv.conf where they do not ask whom the machine asks, hosts and
/// hostname. For one thread at a time.
/// </summary>
/// <param name="node">The name of the node.</param>
internal sealed class PodFiles(string node)
{
    private IReadOnlyList<LivePod>? _pods;
    private IPAddress[] _servers = [];

    /// <summary>At a cost that follows the difference.</summary>
    /// <exception cref="IOException">A file cannot be written, or an <see cref="UnauthorizedAccessException"/>; it is
    /// tried again with the next state.</exception>
    public void Follow(NodeSnapshot snapshot)
    {
        var (servers, pods) = (Servers(snapshot.Cluster), snapshot.Pods);
        if (_pods is null || !servers.SequenceEqual(_servers))
        {
            NetnsFiles.RemoveAll(node, pods.Where(HasFiles).Select(p => p.NetnsName!).ToHashSet());
            _pods = [];
        }
        var delta = ListDelta.Between(_pods, pods);
        var staying = delta.Added.Where(HasFiles).Select(p => p.NetnsName!).ToHashSet();
        foreach (var gone in delta.Removed.Where(p => HasFiles(p) && !staying.Contains(p.NetnsName!)))
            NetnsFiles.RemoveOf(gone.NetnsName!);
        if (staying.Count > 0)
        {
            var machine = ResolverSettings.Parse(NetnsFiles.OfMachine(NetnsFiles.Resolver));
            foreach (var pod in delta.Added.Where(HasFiles))
                NetnsFiles.Write(pod.NetnsName!, Of(pod.Pod, servers, machine));
        }
        (_pods, _servers) = (pods, servers);
    }

    private static Dictionary<string, string> Of(PodEndpoint pod, IPAddress[] servers, ResolverSettings machine)
    {
        var hosts = PodHostName.Hosts(pod);
        var files = new Dictionary<string, string>
        {
            // The first line is what a program takes for the name.
            [NetnsFiles.HostName] = Text([PodHostName.Of(pod.Pod).Host, NetnsFiles.Mark]),
            [NetnsFiles.Hosts] = Text([hosts[0], NetnsFiles.Mark, .. hosts.Skip(1)]),
        };
        var asksCluster = ResolverSettings.AsksCluster(pod.Pod) && servers.Length > 0;
        if (asksCluster || pod.Pod.Dns.Policy == DnsPolicy.None || pod.Pod.Dns.HasConfig)
        {
            files.Add(NetnsFiles.Resolver,
                Text([NetnsFiles.Mark, .. ResolverSettings.Of(pod.Pod, servers, machine).Lines()]));
        }
        return files;
    }

    private static string Text(IEnumerable<string> lines) => $"{string.Join('\n', lines)}\n";

    /// <summary>A namespace of somebody else has the files that he gave it.</summary>
    private static bool HasFiles(LivePod pod) => pod.NetnsName is not null && pod.Pod.Pod.NetnsName is null;

    /// <summary>The addresses of the cluster's name server; none: there is none.</summary>
    public static IPAddress[] Servers(Cluster cluster) =>
        cluster.Services.Named(BuiltInObjects.Service, s => s.Name) is not { } service ? []
            : [.. AddressFamilies.All.Select(f => service.Addresses[f]).OfType<IPAddress>()];
}
