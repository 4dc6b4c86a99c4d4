using System.Net;
using System.Text.Json.Nodes;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.KubernetesApi.Views;

/// <summary>What planning gave a Service.</summary>
internal static class ServiceView
{
    public static void Complete(JsonObject obj, PlacedService placed)
    {
        var (service, spec) = (placed.Object, obj.Child("spec"));
        var status = new JsonObject { ["loadBalancer"] = new JsonObject() };
        obj["status"] = status;
        if (service.Type == ServiceType.ExternalName) return;
        List<string> addresses = service.IsHeadless ? ["None"]
            : [.. placed.Families.Select(f => placed.Addresses[f]).OfType<IPAddress>().Select(a => $"{a}")];
        if (addresses.Count > 0)
        {
            spec["clusterIP"] = addresses[0];
            spec["clusterIPs"] = JsonParts.Strings(addresses);
        }
        spec["ipFamilies"] = JsonParts.Strings(placed.Families.Select(f => f.Text()));
        spec["ipFamilyPolicy"] ??= service.FamilyPolicy.ToString();
        if (spec["ports"] is JsonArray ports)
        {
            foreach (var (i, port) in ports.OfType<JsonObject>().Index().Take(placed.NodePorts.Count))
            {
                if (placed.NodePorts[i] is { } number) port["nodePort"] = (int)number;
            }
        }
        if (placed.HealthCheckPort is { } health) spec["healthCheckNodePort"] = (int)health;
        if (service.Type != ServiceType.LoadBalancer || placed.LoadBalancerAddresses.Count == 0) return;
        status.Child("loadBalancer")["ingress"] = new JsonArray([.. placed.LoadBalancerAddresses
            .Select(a => new JsonObject { ["ip"] = $"{a}", ["ipMode"] = "VIP" })]);
    }
}
