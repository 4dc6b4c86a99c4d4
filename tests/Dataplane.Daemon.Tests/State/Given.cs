using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

/// <summary>States made of manifests, as requests make them.</summary>
internal static class Given
{
    public static IReadOnlyList<ManifestDocument> Documents(string file, params string[] documents)
    {
        var loaded = ManifestLoader.LoadText(file, string.Join("---\n", documents));
        Assert.False(loaded.HasErrors, loaded.Report());
        return loaded.Documents;
    }

    /// <summary>As <see cref="Apply"/>, with a namespace for objects that name none.</summary>
    public static Plan ApplyIn(this Plan plan, string ns, string file, params string[] documents)
    {
        var source = new SourceText(file, string.Join("---\n", documents)) { Namespace = ns };
        var loaded = ManifestLoader.LoadTexts([source]);
        Assert.False(loaded.HasErrors, loaded.Report());
        return plan.After(StateChange.Apply(plan.State, loaded.Documents, prune: false), NodeOptions.Default);
    }

    public static Plan Start => Plan.Of(DesiredState.Empty, NodeOptions.Default);

    public static Plan Apply(this Plan plan, string file, params string[] documents) =>
        plan.After(StateChange.Apply(plan.State, Documents(file, documents), prune: false), NodeOptions.Default);

    public static Plan Prune(this Plan plan, string file, params string[] documents) =>
        plan.After(StateChange.Apply(plan.State, documents is [] ? [] : Documents(file, documents), prune: true),
            NodeOptions.Default);

    public static Plan Delete(this Plan plan, string kind, string name) =>
        plan.After(StateChange.Delete(plan.State, [new ObjectKey(kind, name)], ignoreNotFound: false),
            NodeOptions.Default);

    public static Plan Watch(this Plan plan, string file, params string[] documents) =>
        plan.After(StateChange.Watch(plan.State, file, documents is [] ? [] : Documents(file, documents)),
            NodeOptions.Default);

    /// <summary>A container that a runtime attaches as a pod, with a label of its own.</summary>
    /// <param name="address">That it asks for; null: none.</param>
    public static HeldAttachment Container(string ns, string pod, string container, string? address = null)
    {
        var manifest = Yaml.Pod(pod, ns, container, address is null ? null : $"{{podIP: {address}}}")
            .Replace("metadata: {", $"metadata: {{annotations: {{dataplane/netns: ns-{container}}}, ",
                StringComparison.Ordinal);
        var name = new AttachmentName("net", container, "eth0");
        return HeldAttachment.Of(new HeldDocument(Documents(name.File, manifest)[0], null, isAttachment: true));
    }

    public static Plan Attach(this Plan plan, HeldAttachment container, bool isPodsOnly = false) =>
        plan.After(AttachmentChange.Attach(plan.State, container, isPodsOnly), NodeOptions.Default);

    public static Plan Detach(this Plan plan, string container) => plan.After(
        AttachmentChange.Detach(plan.State, a => a.Name.Container == container), NodeOptions.Default);

    public static Plan Lose(this Plan plan, string pod) =>
        plan.After(AttachmentChange.Lose(plan.State, [pod]), NodeOptions.Default);

    /// <summary>Where two states differ, found out by looking at everything.</summary>
    public static Touched Difference(DesiredState before, DesiredState after) => new(
        [.. before.Objects.Keys.Union(after.Objects.Keys)
            .Where(k => !ReferenceEquals(before.Objects.GetValueOrDefault(k), after.Objects.GetValueOrDefault(k))),
            .. before.Attachments.Keys.Union(after.Attachments.Keys).Where(pod => !ReferenceEquals(
                before.Attachments.GetValueOrDefault(pod), after.Attachments.GetValueOrDefault(pod)))
                .Select(pod => new ObjectKey("Pod", pod))],
        [.. before.Leases.Pods.Keys.Union(after.Leases.Pods.Keys)]);

    /// <summary>All that a state says, in one order: equal texts are equal states.</summary>
    public static string Text(this DesiredState state) => string.Join('\n',
    [
        $"generation {state.Generation} lost {state.Lost is not null}",
        .. state.Objects.Select(
            o => $"{o.Key} at {o.Value.Object.Position} watched {o.Value.From.Watched} in {o.Value.From.Namespace} "
                + $"text {o.Value.From.Text}"),
        .. state.Attachments.Select(a => $"{a.Key} is {a.Value.Name}, {a.Value.From.File}: {a.Value.From.Text}"),
        .. state.Leases.Pods.OrderBy(l => l.Key, StringComparer.Ordinal)
            .Select(l => $"{l.Key} {l.Value.IPv4} {l.Value.IPv6}"),
        $"last {state.Leases.LastIPv4} {state.Leases.LastIPv6}",
        .. state.Leases.Services.Services.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l =>
            $"{l.Key} {l.Value.ClusterAddresses} {l.Value.LoadBalancerAddresses} {l.Value.HealthCheckPort} "
                + string.Join(',', l.Value.NodePorts)),
        $"last {state.Leases.Services.LastAddresses} {state.Leases.Services.LastNodePort}",
    ]);
}
