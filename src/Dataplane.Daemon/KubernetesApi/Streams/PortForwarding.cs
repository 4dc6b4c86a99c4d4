using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.Endpoints;
using Microsoft.AspNetCore.Http;
namespace Dataplane.Daemon.KubernetesApi.Streams;

internal sealed class PortForwarding(DaemonContext context)
{
    public Task Run(HttpContext http, string ns, string name) => throw StatusException.BadRequest(
        $"port-forward is not served yet by {context.Options.NodeName} ({http.Request.Path}, {ns}/{name})");
}
