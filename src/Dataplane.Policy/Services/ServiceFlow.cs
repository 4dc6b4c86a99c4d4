using Dataplane.Policy.Model;

namespace Dataplane.Policy.Services;

/// <summary>What policies see of a packet to a Service: its true source, and the backend.</summary>
public static class ServiceFlow
{
    /// <returns>The flow to judge; null between two machines outside, which no policy concerns.</returns>
    public static Flow? Judged(Cluster cluster, Endpoint source, FlowProtocol protocol, ServiceBackend backend)
    {
        var to = backend.Endpoint.Pod ?? cluster.At(backend.Address);
        return source is ExternalEndpoint && to is ExternalEndpoint ? null
            : new Flow(source, to, new Probe(protocol, backend.Port), backend.Address.AddressFamily);
    }
}
