using System.Collections.Immutable;
using System.Net;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;

namespace Dataplane.Cli.Input;

/// <summary>Rebuilds the daemon's cluster from the texts and the address leases of its state.</summary>
internal static class DaemonState
{
    /// <exception cref="CommandFailure">No daemon answers, or this version cannot read its state.</exception>
    public static ClusterInput Fetch(DaemonClient client)
    {
        var state = client.Get(ApiPaths.State, ApiJson.Default.StateResponse);
        var node = new NodeOptions
        {
            PodNetworkIPv4 = IPNetwork.Parse(state.PodNetworkIPv4),
            PodNetworkIPv6 = IPNetwork.Parse(state.PodNetworkIPv6)
        };
        var gone = state.Gone.Select(g => (g.File, g.Kind, g.Name)).ToHashSet();
        // Documents are loaded separately, because an object may be in two documents, of which one is valid.
        var documents = state.Files.Select(f => ManifestLoader.LoadTexts([Source(f)])).ToList();
        var loaded = documents.Find(d => d.HasErrors) ?? ManifestLoader.Combine(documents.SelectMany((d, index) =>
            d.Documents.SelectMany(part => part.Objects).Where(o => !gone.Contains((index, o.Kind, o.FullName)))));
        var leases = new Leases(
            state.Leases.ToImmutableDictionary(l => l.Pod, l => new PodAddresses(Address(l.IPv4), Address(l.IPv6))),
            null,
            null);
        var planned = Planner.Plan(loaded, node, leases);
        if (planned.Cluster is { } cluster) return new ClusterInput(cluster, node);
        var why = planned.Diagnostics.First(d => d.Severity == Severity.Error);
        throw new CommandFailure(
            ExitCodes.Internal,
            $"the daemon's state cannot be read by this program, {ProgramVersion.Text}: {why.Position}: {why.Message}");
    }

    private static SourceText Source(ManifestFile file) =>
        new(file.Name, file.Text, file.FirstLine) { Namespace = file.Namespace };

    private static IPAddress? Address(string? text) => text is null ? null : IPAddress.Parse(text);
}
