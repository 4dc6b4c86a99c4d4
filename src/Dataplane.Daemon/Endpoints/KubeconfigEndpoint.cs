using Dataplane.Api;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Host;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dataplane.Daemon.Endpoints;

/// <summary>kubeconfig: what kubectl needs to use the Kubernetes API that this daemon serves.</summary>
internal static class KubeconfigEndpoint
{
    public static void MapKubeconfig(this IEndpointRouteBuilder routes, DaemonContext context) =>
        routes.MapGet(ApiPaths.Kubeconfig, (RequestDelegate)(http =>
        {
            var mayWrite = !new Query(http, "read").Flag("read");
            if (context.Options.KubernetesApi is null) throw Problems.NoKubernetesApi();
            var file = KubernetesApiFiles.KubeconfigOf(context.Options.StateDirectory, mayWrite);
            return JsonAnswer.Write(
                http, new KubeconfigResponse(file, File.ReadAllText(file)), ApiJson.Default.KubeconfigResponse);
        }));
}
