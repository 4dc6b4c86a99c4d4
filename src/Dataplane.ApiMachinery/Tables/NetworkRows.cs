using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Tables;

/// <summary>The rows of Services, of what lists their endpoints, of ways in, and of policies.</summary>
internal static class NetworkRows
{
    public const string ServiceColumns = "Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector*";
    public const string EndpointsColumns = "Name|Endpoints|Age";
    public const string EndpointSliceColumns = "Name|AddressType|Ports|Endpoints|Age";
    public const string IngressColumns = "Name|Class|Hosts|Address|Ports|Age";
    public const string IngressClassColumns = "Name|Controller|Parameters|Age";
    public const string NetworkPolicyColumns = "Name|Pod-Selector|Age";
    public const string ClusterNetworkPolicyColumns = "Name|Tier|Priority|Age";
    public const string AdminNetworkPolicyColumns = "Name|Priority|Age";

    public static JsonNode?[] Service(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Text("spec.type", "ClusterIP"),
        obj.Words("spec.clusterIPs").FirstOrDefault() ?? obj.Text("spec.clusterIP", Cells.None), External(obj),
        obj.Items("spec.ports").Select(Port).Joined(Cells.None), obj.Age(now), obj.Labels("spec.selector"),
    ];

    public static JsonNode?[] Endpoints(JsonObject obj, DateTimeOffset now)
    {
        var all = obj.Items("subsets").SelectMany(s => s.Items("ports") is var ports && ports.Any()
            ? ports.SelectMany(p => s.Items("addresses").Select(a => Socket(a.Text("ip"), p.Number("port"))))
            : s.Items("addresses").Select(a => a.Text("ip")));
        return [obj.Name(), Cells.Few([.. all], Cells.None), obj.Age(now)];
    }

    public static JsonNode?[] EndpointSlice(JsonObject obj, DateTimeOffset now) =>
    [
        obj.Name(), obj.Text("addressType"),
        Cells.Few([.. obj.Items("ports").Select(p => p.Text("port", p.Text("name", "*")))], Cells.Unset),
        Cells.Few([.. obj.Items("endpoints").SelectMany(e => e.Words("addresses"))], Cells.Unset), obj.Age(now),
    ];

    public static JsonNode?[] Ingress(JsonObject obj, DateTimeOffset now)
    {
        var annotation = (obj.At("metadata.annotations") as JsonObject)?["kubernetes.io/ingress.class"]?.ToString();
        string[] hosts =
            [.. obj.Items("spec.rules").Select(r => r.Text("host")).Where(h => h.Length > 0).Distinct()];
        return
        [
            obj.Name(), obj.Text("spec.ingressClassName", annotation ?? Cells.None), Cells.Few(hosts, "*"),
            LoadBalancer(obj).Joined(), obj.Count("spec.tls") > 0 ? "80, 443" : "80", obj.Age(now),
        ];
    }

    public static JsonNode?[] IngressClass(JsonObject obj, DateTimeOffset now)
    {
        var parameters = obj.At("spec.parameters");
        var group = parameters.Text("apiGroup") is { Length: > 0 } name ? "." + name : "";
        return
        [
            obj.Name(), obj.Text("spec.controller"),
            parameters is null ? Cells.None : $"{parameters.Text("kind")}{group}/{parameters.Text("name")}",
            obj.Age(now),
        ];
    }

    public static JsonNode?[] NetworkPolicy(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Selector("spec.podSelector"), obj.Age(now)];

    public static JsonNode?[] ClusterNetworkPolicy(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Text("spec.tier"), obj.Text("spec.priority"), obj.Age(now)];

    public static JsonNode?[] AdminNetworkPolicy(JsonObject obj, DateTimeOffset now) =>
        [obj.Name(), obj.Text("spec.priority"), obj.Age(now)];

    private static string External(JsonObject obj)
    {
        var given = obj.Words("spec.externalIPs");
        return obj.Text("spec.type") switch
        {
            "ExternalName" => obj.Text("spec.externalName", Cells.None),
            "LoadBalancer" => LoadBalancer(obj).Concat(given).Joined("<pending>"),
            _ => given.Joined(Cells.None),
        };
    }

    private static IEnumerable<string> LoadBalancer(JsonObject obj) =>
        obj.Items("status.loadBalancer.ingress").Select(i => i.Text("ip", i.Text("hostname")));

    private static string Port(JsonObject port)
    {
        var nodePort = port.Number("nodePort") is > 0 and var number ? $":{number}" : "";
        return $"{port.Number("port")}{nodePort}/{port.Text("protocol", "TCP")}";
    }

    private static string Socket(string address, long port) =>
        address.Contains(':') ? $"[{address}]:{port}" : $"{address}:{port}";
}
