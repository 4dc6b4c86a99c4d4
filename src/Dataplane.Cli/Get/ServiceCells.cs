using System.Net;
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

    public static string[] Of(ServiceObject service) =>
        [$"{service.Type}", ClusterAddress(service), Outside(service), Joined(service.Ports.Select(Port))];

    public static string[] Of(EndpointsObject endpoints)
    {
        var all = endpoints.Subsets.SelectMany(s => s.Addresses.Where(a => a.IsReady).SelectMany(a => s.Ports.Count == 0
            ? [$"{a.Address}"] : s.Ports.Select(p => $"{new IPEndPoint(a.Address, p.Port ?? 0)}"))).ToList();
        var more = all.Count > MaxEndpoints ? $" + {all.Count - MaxEndpoints} more..." : "";
        return [endpoints.Service ?? None, Joined(all.Take(MaxEndpoints)) + more];
    }

    private static string ClusterAddress(ServiceObject service) =>
        service.IsHeadless ? "None" : Joined(service.Addresses.Select(a => $"{a}"));

    private static string Outside(ServiceObject service) => service.Type == ServiceType.ExternalName
        ? service.ExternalName ?? None
        : service is { Type: ServiceType.LoadBalancer, LoadBalancerAddresses.Count: 0, ExternalAddresses.Count: 0 }
            ? "<pending>" : Joined(service.LoadBalancerAddresses.Concat(service.ExternalAddresses).Select(a => $"{a}"));

    private static string Port(ServicePort port) =>
        $"{port.Port}{(port.NodePort is { } number ? $":{number}" : "")}/{port.Protocol.ToString().ToUpperInvariant()}";

    private static string Joined(IEnumerable<string> words) =>
        string.Join(',', words) is { Length: > 0 } text ? text : None;
}
