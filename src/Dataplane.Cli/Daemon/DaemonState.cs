using System.Net;
using Dataplane.Daemon.Api;
using Dataplane.Kubernetes;
using Dataplane.Node.Addressing;
using Dataplane.Policy;

namespace Dataplane.Cli;

/// <summary>What the daemon has been told, read here as it is read there: the same texts, the same addresses.</summary>
internal static class DaemonState
{
    /// <exception cref="CommandFailure">No daemon, or one whose state this version cannot read.</exception>
    public static ClusterInput Fetch(DaemonClient client)
    {
        var state = client.Get(ApiPaths.State, ApiJson.Default.StateResponse);
        var node = new NodeOptions { PodNetworkIPv4 = IPNetwork.Parse(state.PodNetworkIPv4), PodNetworkIPv6 = IPNetwork.Parse(state.PodNetworkIPv6) };
        var loaded = ManifestLoader.LoadTexts(state.Files.Select(f => (f.Name, new string('\n', f.FirstLine - 1) + f.Text)));
        return ClusterInput.Judge(loaded, node, out var diagnostics, Leased(loaded.Manifests, node, state.Leases)) is { } cluster
            ? new ClusterInput(cluster, node)
            : throw new CommandFailure(ExitCodes.Internal, $"the daemon's state cannot be read by this program, {ProgramVersion.Text}: {diagnostics.First(d => d.Severity == Severity.Error).Message}");
    }

    /// <summary>An earlier state in which every pod has the address that the daemon gave it.</summary>
    private static Cluster Leased(ManifestSet manifests, NodeOptions node, IReadOnlyList<Lease> leases)
    {
        var byName = leases.ToDictionary(l => l.Pod);
        return new Cluster(new Dictionary<string, NamespaceObject>(),
            [.. from pod in manifests.Pods where byName.ContainsKey(pod.FullName) let lease = byName[pod.FullName] select new PodEndpoint(pod, Address(lease.IPv4), Address(lease.IPv6))],
            [], new NodeEndpoint(node.GatewayIPv4, node.GatewayIPv6));
    }

    private static IPAddress? Address(string? text) => text is null ? null : IPAddress.Parse(text);
}
