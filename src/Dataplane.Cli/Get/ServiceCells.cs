using System.Net;
using Dataplane.Api;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Cli.Get;

/// <summary>The columns of Services and of what lists their endpoints, as kubectl prints them.</summary>
internal static class ServiceCells
{
    private const string None = "<none>";

    /// <summary>More endpoints than this are counted.</summary>
    private const int MaxEndpoints = 3;

    public static readonly string[] Header = ["TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)"];

    public static readonly string[] EndpointsHeader = ["SERVICE", "ENDPOINTS"];

    /// <param name="has">What it has beside its manifest; null: from a daemon that does not tell.</param>
    public static string[] Of(ServiceObject service, ServiceEntry? has)
    {
        has ??= new ServiceEntry(
            [.. service.Addresses.Select(a => $"{a}")], [.. service.LoadBalancerAddresses.Select(a => $"{a}")],
            [.. service.Ports.Select(p => (int?)p.NodePort)]);
        return [$"{service.Type}", service.IsHeadless ? "None" : Joined(has.ClusterIPs), Outside(service, has),
            Joined(service.Ports.Zip(has.NodePorts, Port))];
    }

    /// <summary>What it has and its manifest does not say, by the names of the API; empty: nothing.</summary>
    public static string Assigned(ServiceObject service, ServiceEntry has)
    {
        var said = service.Addresses.Select(a => $"{a}").ToHashSet();
        List<string> all = [.. has.ClusterIPs.Where(a => !said.Contains(a)).Select(a => $"clusterIP {a}")];
        for (var i = 0; i < service.Ports.Count && i < has.NodePorts.Count; i++)
        {
            if (service.Ports[i].NodePort is null && has.NodePorts[i] is { } number)
                all.Add($"nodePort {number} for {Port(service.Ports[i], null)}");
        }
        if (service.HealthCheckPort is null && has.HealthCheckNodePort is { } check)
            all.Add($"healthCheckNodePort {check}");
        if (service.LoadBalancerAddresses.Count == 0 && service.RequestedLoadBalancerAddress is null)
            all.AddRange(has.LoadBalancerIPs.Select(a => $"status.loadBalancer.ingress ip {a}"));
        return string.Join(", ", all);
    }

    public static string[] Of(EndpointsObject endpoints)
    {
        var all = endpoints.Subsets.SelectMany(s => s.Addresses.Where(a => a.IsReady).SelectMany(a => s.Ports.Count == 0
            ? [$"{a.Address}"] : s.Ports.Select(p => $"{new IPEndPoint(a.Address, p.Port ?? 0)}"))).ToList();
        var more = all.Count > MaxEndpoints ? $" + {all.Count - MaxEndpoints} more..." : "";
        return [endpoints.Service ?? None, Joined(all.Take(MaxEndpoints)) + more];
    }

    private static string Outside(ServiceObject service, ServiceEntry has)
    {
        if (service.Type == ServiceType.ExternalName) return service.ExternalName ?? None;
        var all = has.LoadBalancerIPs.Concat(service.ExternalAddresses.Select(a => $"{a}")).ToList();
        return service.Type == ServiceType.LoadBalancer && all.Count == 0 ? "<pending>" : Joined(all);
    }

    private static string Port(ServicePort port, int? nodePort) =>
        $"{port.Port}{(nodePort is { } number ? $":{number}" : "")}/{port.Protocol.ToString().ToUpperInvariant()}";

    private static string Joined(IEnumerable<string> words) =>
        string.Join(',', words) is { Length: > 0 } text ? text : None;
}
