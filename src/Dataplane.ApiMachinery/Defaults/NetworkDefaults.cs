using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>Services and what is around them. Addresses are given by planning.</summary>
internal static class NetworkDefaults
{
    private const int AffinitySeconds = 3 * 60 * 60;

    public static void Service(JsonObject service)
    {
        var spec = service.Mapping("spec");
        spec.Default("type", "ClusterIP");
        spec.Default("sessionAffinity", "None");
        Affinity(spec);
        foreach (var port in spec.Items("ports"))
        {
            port.Default("protocol", "TCP");
            if (port.Integer("port") is { } value)
            {
                port.Default("targetPort", value);
                port.DefaultNumber("targetPort", value);
            }
        }
        var type = spec.Text("type");
        var isGivenAddresses = type == "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 };
        if (type is "NodePort" or "LoadBalancer" || isGivenAddresses)
        {
            spec.Default("externalTrafficPolicy", "Cluster");
        }
        if (type is "ClusterIP" or "NodePort" or "LoadBalancer")
        {
            spec.Default("internalTrafficPolicy", "Cluster");
        }
        var balancer = service.Mapping("status").Mapping("loadBalancer");
        if (type == "LoadBalancer")
        {
            spec.Default("allocateLoadBalancerNodePorts", true);
            foreach (var ingress in balancer.Items("ingress").Where(i => i.Text("ip") is { Length: > 0 }))
            {
                ingress.Default("ipMode", "VIP");
            }
        }
    }

    public static void Endpoints(JsonObject endpoints)
    {
        foreach (var port in endpoints.Items("subsets").SelectMany(s => s.Items("ports")))
        {
            port.Default("protocol", "TCP");
        }
    }

    public static void EndpointSlice(JsonObject slice)
    {
        foreach (var port in slice.Items("ports"))
        {
            port.Default("name", "");
            port.Default("protocol", "TCP");
        }
    }

    public static void NetworkPolicy(JsonObject policy)
    {
        var spec = policy.Mapping("spec");
        spec.Default("podSelector", new JsonObject());
        foreach (var port in spec.Items("ingress").Concat(spec.Items("egress")).SelectMany(r => r.Items("ports")))
        {
            port.Default("protocol", "TCP");
        }
        if (spec["policyTypes"] is null or JsonArray { Count: 0 })
        {
            spec["policyTypes"] = spec["egress"] is JsonArray { Count: > 0 }
                ? new JsonArray("Ingress", "Egress") : new JsonArray("Ingress");
        }
    }

    public static void Ingress(JsonObject ingress) => ingress.Mapping("status").Mapping("loadBalancer");

    public static void IngressClass(JsonObject ingressClass) =>
        ingressClass.Find("spec")?.Find("parameters")?.Default("scope", "Cluster");

    private static void Affinity(JsonObject spec)
    {
        if (spec.Text("sessionAffinity") == "None")
        {
            spec.Remove("sessionAffinityConfig");
        }
        else if (spec.Text("sessionAffinity") == "ClientIP")
        {
            spec.Mapping("sessionAffinityConfig").Mapping("clientIP").Default("timeoutSeconds", AffinitySeconds);
        }
    }
}
