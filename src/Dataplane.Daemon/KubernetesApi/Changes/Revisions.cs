using System.Globalization;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>
/// The templates that a Deployment had: each is kept as a ReplicaSet without pods, by which <c>kubectl rollout</c>
/// shows
/// and restores it.
/// </summary>
internal static class Revisions
{
    /// <summary>Where spec.revisionHistoryLimit says nothing.</summary>
    private const int DefaultLimit = 10;

    /// <summary>The first template of a Deployment; other kinds stay as they are.</summary>
    public static void Begin(ApiResource resource, JsonObject obj)
    {
        if (resource == Registry.Deployments) Annotations(obj)[WorkloadView.Revision] = "1";
    }

    /// <summary>Numbers the template of a Deployment that is given anew.</summary>
    /// <returns>The ReplicaSets that come and go; a null value: it goes.</returns>
    public static Dictionary<ObjectKey, StoredObject?> Next(ServedList list, ServedObject seen, JsonObject now)
    {
        var beside = new Dictionary<ObjectKey, StoredObject?>();
        if (seen.Resource != Registry.Deployments) return beside;
        var before = seen.Parse();
        var (old, fresh) = (Hash(before), Hash(now));
        var number = NumberOf(before);
        Annotations(now)[WorkloadView.Revision] = $"{(old == fresh ? number : number + 1)}";
        if (old == fresh) return beside;
        var set = WorkloadView.ReplicaSet(Registry.ReplicaSets, before, old, 0);
        WorkloadView.Complete(set, default);
        beside[Key(seen, old)] = new StoredObject(JsonParts.Bytes(set));
        beside[Key(seen, fresh)] = null;
        var limit = (int)(now.Child("spec").Number("revisionHistoryLimit") ?? DefaultLimit);
        var kept = list.Of(Registry.ReplicaSets.Path).Values.Where(s => s.Stored is not null && IsOf(seen, s))
            .Where(s => s.Name != $"{seen.Name}-{fresh}").OrderByDescending(s => NumberOf(s.Parse())).Skip(limit - 1);
        foreach (var late in kept)
        {
            beside[new ObjectKey(Registry.StoredKind(Registry.ReplicaSets), late.FullName)] = null;
        }
        return beside;
    }

    private static bool IsOf(ServedObject deployment, ServedObject set) => set.Namespace == deployment.Namespace
        && set.Name.StartsWith($"{deployment.Name}-", StringComparison.Ordinal)
        && set.Name.Length == deployment.Name.Length + 11;

    private static string Hash(JsonObject deployment) =>
        WorkloadView.HashOf(WorkloadView.Template(deployment) ?? []);

    private static ObjectKey Key(ServedObject deployment, string hash) => new(
        Registry.StoredKind(Registry.ReplicaSets), $"{deployment.Namespace}/{deployment.Name}-{hash}");

    private static long NumberOf(JsonObject obj) =>
        long.TryParse(Annotations(obj).Text(WorkloadView.Revision), CultureInfo.InvariantCulture, out var number)
            ? number : 1;

    private static JsonObject Annotations(JsonObject obj) => obj.Child("metadata").Child("annotations");
}
