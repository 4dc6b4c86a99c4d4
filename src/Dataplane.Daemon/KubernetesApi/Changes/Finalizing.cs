using System.Text.Json.Nodes;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Serving;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Objects that were deleted, and that finalizers keep: they go with the last one.</summary>
internal sealed class Finalizing(Deleting deleting)
{
    /// <summary>Removes an object whose last finalizer goes.</summary>
    /// <returns>Null: it stays.</returns>
    public async Task<ServedObject?> EndAsync(ApiRequest request, ServedObject seen, JsonObject given)
    {
        if (seen.Parse().Child("metadata").Text("deletionTimestamp") is null || Finalizers(given) > 0) return null;
        await deleting.RemoveAsync(request, seen, null);
        return seen;
    }

    public static int Finalizers(JsonObject obj) => (obj.Child("metadata")["finalizers"] as JsonArray)?.Count ?? 0;
}
