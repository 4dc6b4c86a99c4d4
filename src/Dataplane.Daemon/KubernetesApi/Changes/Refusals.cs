using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Control.Refusals;
using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Daemon.KubernetesApi.Changes;

/// <summary>Refusals of the core in the words of the API.</summary>
internal static class Refusals
{
    public static StatusException Of(RefusalException refusal, ApiResource resource, string name) => refusal.Kind switch
    {
        RefusalKind.Invalid => StatusException.Invalid(resource, name,
            [.. refusal.Diagnostics.Where(d => d.Severity == Severity.Error).Select(d => Manifests.Cause(d, null))]),
        RefusalKind.Changed => StatusException.Changed(resource, name),
        RefusalKind.NotFound => StatusException.NotFound(resource, name),
        // A conflict would make clients try again, and it would be refused again.
        RefusalKind.Conflict or RefusalKind.StateLost => new StatusException(StatusReason.Forbidden, refusal.Message)
        {
            Resource = resource, Name = name,
        },
        RefusalKind.Stopping => new StatusException(StatusReason.ServiceUnavailable, refusal.Message)
        {
            RetryAfterSeconds = 1,
        },
        _ => new StatusException(StatusReason.InternalError, refusal.Message) { Resource = resource, Name = name },
    };
}
