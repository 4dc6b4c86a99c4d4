using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.Endpoints;
using Microsoft.AspNetCore.Http;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>kubectl port-forward: not yet.</summary>
internal sealed class PortForwarding(DaemonContext context)
{
    /// <exception cref="StatusException">Always.</exception>
    public Task Run(HttpContext http, string ns, string name) => throw new StatusException(StatusReason.InternalError,
        $"port-forward to pod {ns}/{name} is not implemented by node {context.Options.NodeName}");
}
