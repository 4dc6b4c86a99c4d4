using Dataplane.ApiMachinery.Statuses;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>
/// Deletes objects that follow from others: they come again. Of a pod of a workload the programs end, and are started
/// anew; of a ReplicaSet those of all its pods.
/// </summary>
internal sealed class Restarting(ServedState served, ObjectWriter writer)
{
    /// <exception cref="StatusException">The object is part of the cluster.</exception>
    public async Task RestartAsync(ApiRequest request, ServedObject seen, int? grace)
    {
        if (seen.Resource != Registry.Pods && seen.Resource != Registry.ReplicaSets)
        {
            throw new StatusException(StatusReason.Forbidden,
                $"{seen.Resource.Kind.Plural} \"{seen.Name}\" is forbidden: "
                + "it follows from other objects; delete those")
            {
                Resource = seen.Resource, Name = seen.Name,
            };
        }
        List<ServedObject> pods = seen.Resource == Registry.Pods ? [seen]
            : [.. served.Objects.Current.Of(Registry.Pods.Path).Values.Where(p => IsOf(p, seen))];
        try
        {
            await writer.RunAsync(
                s => RestartChange.Of(s, pods.Select(p => p.FullName), grace), isDryRun: false, request.Stop);
        }
        catch (RefusalException refusal)
        {
            throw Refusals.Of(refusal, request.Resource, seen.Name);
        }
    }

    private static bool IsOf(ServedObject pod, ServedObject set) => pod.Namespace == set.Namespace
        && pod.Parse()["metadata"]?["ownerReferences"]?[0]?["name"]?.GetValue<string>() == set.Name;
}
