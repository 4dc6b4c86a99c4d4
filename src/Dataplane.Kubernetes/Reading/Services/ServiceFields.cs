using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>The fields of core/v1 Service.</summary>
internal static class ServiceFields
{
    public static readonly FieldTable Port = new("ServicePort", "name", "protocol", "appProtocol", "port", "targetPort",
        "nodePort");

    public static readonly FieldTable ClientIp = new("ClientIPConfig", "timeoutSeconds");

    public static readonly FieldTable Affinity = new("SessionAffinityConfig",
        new Field("clientIP", FieldShape.Object, ClientIp));

    public static readonly FieldTable Spec = new("ServiceSpec",
        new Field("ports", FieldShape.List, Port), new Field("selector", FieldShape.Map), "clusterIP", "clusterIPs",
        "type", "externalIPs", "sessionAffinity", new Field("sessionAffinityConfig", FieldShape.Object, Affinity),
        "loadBalancerIP", "loadBalancerSourceRanges", "externalName", "externalTrafficPolicy", "healthCheckNodePort",
        "publishNotReadyAddresses", "ipFamilies", "ipFamilyPolicy", "allocateLoadBalancerNodePorts",
        "loadBalancerClass", "internalTrafficPolicy", "trafficDistribution");

    public static readonly FieldTable LoadBalancerIngress = new("LoadBalancerIngress", "ip", "hostname", "ipMode",
        "ports");

    public static readonly FieldTable LoadBalancerStatus = new("LoadBalancerStatus",
        new Field("ingress", FieldShape.List, LoadBalancerIngress));

    public static readonly FieldTable Status = new("ServiceStatus",
        new Field("loadBalancer", FieldShape.Object, LoadBalancerStatus), "conditions");

    public static readonly FieldTable Service = new(ObjectKinds.Service.Name, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table),
        new Field("spec", FieldShape.Object, Spec), new Field("status", FieldShape.Object, Status));
}
