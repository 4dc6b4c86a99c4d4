using System.Collections.Immutable;
using System.Net;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Input;

/// <summary>The daemon's state, rebuilt from its texts and address leases.</summary>
internal sealed record DaemonState(Cluster Cluster, NodeOptions Node)
{
    /// <summary>The texts of the state by file name, of a file in parts all of them.</summary>
    public IReadOnlyDictionary<string, SourceText> Sources { get; private init; } =
        new Dictionary<string, SourceText>();

    /// <summary>Top-level objects: a Deployment is one itself, its pods are not.</summary>
    private IReadOnlyList<HeldObject> Objects { get; init; } = [];

    private Leases Leases { get; init; } = Leases.None;

    /// <summary>Pods that are not ready; null: manifests say which are.</summary>
    private IReadOnlySet<string>? NotReady { get; init; }

    /// <param name="IsWatched">The object belongs to the daemon's manifest directory, and was not applied.</param>
    private readonly record struct HeldObject(KubernetesObject Object, bool IsWatched)
    {
        public (string Kind, string Name) Key => (Object.Kind, Object.FullName);
    }

    /// <exception cref="CommandFailure">No daemon answers, or this version cannot read its state.</exception>
    public static DaemonState Fetch(DaemonClient client) => Of(FetchTexts(client));

    /// <summary>The texts alone, which cost little beside reading them.</summary>
    /// <exception cref="CommandFailure">No daemon answers.</exception>
    public static StateResponse FetchTexts(DaemonClient client) =>
        client.Get(ApiPaths.State, ApiJson.Default.StateResponse);

    /// <exception cref="CommandFailure">This version cannot read the state.</exception>
    public static DaemonState Of(StateResponse state)
    {
        var node = new NodeOptions
        {
            PodNetworkIPv4 = IPNetwork.Parse(state.PodNetworkIPv4),
            PodNetworkIPv6 = IPNetwork.Parse(state.PodNetworkIPv6),
            Services = ServiceLeaseText.Ranges(state),
            HasNameServer = state.HasNameServer,
            HostAddresses = [.. state.NodeAddresses.Select(IPAddress.Parse)],
        };
        var gone = state.Gone.Select(g => (g.File, g.Kind, g.Name)).ToHashSet();
        var watched = state.Watched.ToHashSet();
        // Documents are loaded separately, because an object may be in two documents, of which one is valid.
        var documents = Concurrent.Map(state.Files, f => ManifestLoader.LoadTexts([Source(f)]));
        var leases = new Leases(
            state.Leases.ToImmutableDictionary(l => l.Pod, l => new PodAddresses(Address(l.IPv4), Address(l.IPv6))),
            null,
            null)
        {
            Services = ServiceLeaseText.Leases(state),
        };
        List<HeldObject> objects =
        [
            .. documents.SelectMany((d, index) => d.Documents.SelectMany(part => part.Objects)
                .Where(o => !gone.Contains((index, o.Kind, o.FullName)))
                .Select(o => new HeldObject(o, watched.Contains(index)))),
        ];
        var loaded = Array.Find(documents, d => d.HasErrors) ??
            ManifestLoader.Combine(BuiltInObjects.With([.. objects.Select(o => o.Object)], node));
        var planned = Planner.Plan(loaded, node, leases);
        if (planned.Cluster is { } cluster)
        {
            var notReady = state.NotReady?.ToHashSet();
            return new DaemonState(Known(cluster, notReady), node)
            {
                NotReady = notReady,
                Objects = objects,
                Leases = leases,
                Sources = SourceText.ByFile(documents.SelectMany(d => d.Sources.Values)),
            };
        }
        var why = planned.Diagnostics.First(d => d.Severity == Severity.Error);
        throw new CommandFailure(
            ExitCodes.Internal,
            $"the daemon's state cannot be read by this program, {ProgramVersion.Text}: {why.Position}: {why.Message}");
    }

    /// <summary>The state after <c>apply</c> of manifests.</summary>
    /// <param name="given">Manifests without errors, whose own diagnostics have been printed.</param>
    /// <param name="prune">All other objects that were applied are removed.</param>
    /// <exception cref="CommandFailure">The objects do not go together; the diagnostics are printed.</exception>
    public Cluster After(Shell shell, LoadResult given, bool prune) =>
        After(shell, given, held => prune && !held.IsWatched);

    /// <summary>The state after a change that was rehearsed.</summary>
    /// <param name="given">The manifests that are applied; null: none.</param>
    /// <param name="removed">The objects that are deleted.</param>
    /// <exception cref="CommandFailure">The objects do not go together; the diagnostics are printed.</exception>
    public Cluster After(Shell shell, LoadResult? given, IReadOnlySet<(string Kind, string Name)> removed) =>
        After(shell, given, held => removed.Contains(held.Key));

    private Cluster After(Shell shell, LoadResult? given, Func<HeldObject, bool> isRemoved)
    {
        var come = given?.Documents.SelectMany(d => d.Objects).ToList() ?? [];
        var keys = come.Select(o => (o.Kind, o.FullName)).ToHashSet();
        var kept = Objects.Where(held => !keys.Contains(held.Key) && !isRemoved(held)).Select(held => held.Object);
        var combined = ManifestLoader.Combine(BuiltInObjects.With([.. kept, .. come], Node));
        var planned = Planner.Plan(combined, Node, Leases);
        if (planned.Cluster is { } cluster) return Known(cluster, NotReady);
        var errors = planned.Diagnostics.Where(d => d.Severity == Severity.Error).ToList();
        DiagnosticPages.Write(
            shell, errors, given?.Sources ?? new Dictionary<string, SourceText>(), Remarks.Default);
        throw new CommandFailure(
            ExitCodes.Input, $"{Words.Count(errors.Count, "error")} with the daemon's state; nothing was done");
    }

    /// <summary>The cluster with what the daemon knows of the programs of pods.</summary>
    private static Cluster Known(Cluster cluster, IReadOnlySet<string>? notReady) => notReady is null ? cluster
        : cluster with
        {
            Pods = [.. cluster.Pods.Select(p => p.Pod.IsReady != notReady.Contains(p.Name) ? p
                : p with { Pod = p.Pod with { IsReady = !p.Pod.IsReady } })],
        };

    private static SourceText Source(ManifestFile file) =>
        new(file.Name, file.Text, file.FirstLine) { Namespace = file.Namespace };

    private static IPAddress? Address(string? text) => text is null ? null : IPAddress.Parse(text);
}
