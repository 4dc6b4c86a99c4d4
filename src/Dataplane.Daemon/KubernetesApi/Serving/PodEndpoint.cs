using Dataplane.Daemon.KubernetesApi.Streams;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>What is asked of the programs of a pod.</summary>
internal sealed class PodEndpoint(PodStreams streams)
{
    public Task Handle(ApiRequest request)
    {
        var (ns, name) = (request.Namespace, request.Path.Name!);
        return request.Path.Subresource switch
        {
            "exec" => streams.Exec(request.Http, ns, name),
            "attach" => streams.Attach(request.Http, ns, name),
            "portforward" => streams.PortForward(request.Http, ns, name),
            _ => streams.Log(request.Http, ns, name),
        };
    }
}
