using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dataplane.Control.Reconcile;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Daemon.HealthServing;

/// <summary>
/// What load balancers are told at a <c>healthCheckNodePort</c>, whatever they ask: whether this node has endpoints for
/// them. As kube-proxy's healthcheck server says it (pkg/proxy/healthcheck/service_health.go).
/// </summary>
/// <param name="Endpoints">How many ready ones are on this node.</param>
/// <param name="IsHealthy">The node enforces what it is to.</param>
internal sealed record HealthCheck(AddressFamily Family, ushort Port, string Namespace, string Name, int Endpoints,
    bool IsHealthy)
{
    /// <summary>Those of all Services, in each family that they have.</summary>
    public static IEnumerable<HealthCheck> Of(NodeSnapshot snapshot) =>
        from service in snapshot.Cluster.Services
        where service.HealthCheckPort is not null
        let endpoints = ServiceEndpoints.Of(snapshot.Cluster, service)
        from family in AddressFamilies.All
        where service.Addresses[family] is not null
        select new HealthCheck(family, service.HealthCheckPort!.Value, service.Object.Namespace, service.Object.Name,
            endpoints.Where(e => e is { IsReady: true, IsLocal: true } && e.Address.AddressFamily == family)
                .Select(e => e.Address).Distinct().Count(), snapshot.Problem is null);

    /// <summary>A whole answer, after which the connection ends.</summary>
    public byte[] ToAnswer()
    {
        var document = new HealthDocument(new HealthService(Namespace, Name), Endpoints, IsHealthy);
        var body = JsonSerializer.Serialize(document, HealthJson.Default.HealthDocument);
        var status = Endpoints > 0 && IsHealthy ? "200 OK" : "503 Service Unavailable";
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            HTTP/1.1 {status}
            Content-Type: application/json
            X-Content-Type-Options: nosniff
            X-Load-Balancing-Endpoint-Weight: {Endpoints}
            Content-Length: {body.Length}
            Connection: close


            """).ReplaceLineEndings("\r\n") + body);
    }
}
