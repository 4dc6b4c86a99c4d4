using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Tables;
using Dataplane.Daemon.KubernetesApi.Requests;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Shaping;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>Tables, as kubectl prints them.</summary>
internal sealed class TableMaker(ServedKinds kinds)
{
    public JsonObject Table(ApiRequest request, IReadOnlyList<ServedObject> objects, JsonObject metadata)
    {
        var custom = kinds.Custom(request.Resource);
        var columns = custom is null ? Columns.Of(request.Resource) : Columns.OfCustom(custom.Version);
        return columns.Table(objects.Select(o => o.Parse()), metadata, request.Text("includeObject") ?? "Metadata",
            TimeProvider.System.GetUtcNow());
    }
}
