using System.Text.Json.Nodes;
using Dataplane.Control.State;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Objects;
using Dataplane.Planning;

namespace Dataplane.Daemon.KubernetesApi.Served;

/// <summary>Objects that are part of a cluster without a manifest of anybody's.</summary>
internal static class BuiltIn
{
    private static readonly DateTimeOffset Since = ObjectRecord.Now();

    /// <summary>How a built-in object is shown.</summary>
    public static JsonObject Of(KubernetesObject obj)
    {
        var document = BuiltInObjects.Documents.First(d => d.Objects.Any(o => o.FullName == obj.FullName));
        var record = new ObjectRecord(ObjectRecord.Derived("built-in", $"{obj.Kind} {obj.FullName}"), Since);
        return ObjectView.Of(Registry.OfKind(obj.Kind), new HeldObject(obj, new HeldDocument(document, null), record));
    }
}
