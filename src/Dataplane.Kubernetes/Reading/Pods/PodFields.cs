using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Reading.Containers;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>
/// The fields of core/v1 Pod at the levels that matter here, so that whatever <c>kubectl get -o yaml</c> prints is
/// accepted (alpha fields included) and a misspelled <c>hostNetwork</c> or <c>ports</c> is not.
/// </summary>
internal static class PodFields
{
    public static readonly FieldTable Port = new("ContainerPort", "name", "hostPort", "containerPort", "protocol",
        "hostIP");

    private static readonly Field[] CommonToContainers =
    [
        "name", "image", "command", "args", "workingDir", new("ports", FieldShape.List, Port), "envFrom",
        new("env", FieldShape.List, ContainerFields.Variable),
        new("resources", FieldShape.Object, ContainerFields.Resources), "resizePolicy",
        "restartPolicy", "restartPolicyRules", "volumeMounts", "volumeDevices",
        new("livenessProbe", FieldShape.Object, ContainerFields.Probe),
        new("readinessProbe", FieldShape.Object, ContainerFields.Probe),
        new("startupProbe", FieldShape.Object, ContainerFields.Probe),
        new("lifecycle", FieldShape.Object, ContainerFields.Lifecycle),
        "terminationMessagePath", "terminationMessagePolicy", "imagePullPolicy",
        new("securityContext", FieldShape.Object, ContainerFields.Security), "stdin", "stdinOnce", "tty",
    ];

    public static readonly FieldTable Container = new("Container", CommonToContainers);

    public static readonly FieldTable EphemeralContainer = new("EphemeralContainer",
        [.. CommonToContainers, "targetContainerName"]);

    public static readonly FieldTable DnsOption = new("PodDNSConfigOption", "name", "value");

    public static readonly FieldTable DnsConfig = new("PodDNSConfig", "nameservers", "searches",
        new Field("options", FieldShape.List, DnsOption));

    public static readonly FieldTable HostAlias = new("HostAlias", "ip", "hostnames");

    public static readonly FieldTable Spec = new("PodSpec",
        new Field("containers", FieldShape.List, Container), new Field("initContainers", FieldShape.List, Container),
        new Field("ephemeralContainers", FieldShape.List, EphemeralContainer), "hostNetwork",
        "volumes", "restartPolicy", "terminationGracePeriodSeconds", "activeDeadlineSeconds", "dnsPolicy",
        "nodeSelector", "serviceAccountName",
        "serviceAccount", "automountServiceAccountToken", "nodeName", "hostPID", "hostIPC", "shareProcessNamespace",
        new Field("securityContext", FieldShape.Object, ContainerFields.PodSecurity),
        "imagePullSecrets", "hostname", "subdomain", "affinity", "schedulerName", "tolerations",
        new Field("hostAliases", FieldShape.List, HostAlias),
        "priorityClassName", "priority",
        new Field("dnsConfig", FieldShape.Object, DnsConfig),
        "readinessGates", "runtimeClassName", "enableServiceLinks", "preemptionPolicy", "overhead",
        "topologySpreadConstraints",
        "setHostnameAsFQDN", "os", "hostUsers", "schedulingGates", "resourceClaims", "resources", "hostnameOverride",
        "workloadRef");

    public static readonly FieldTable PodIp = new("PodIP", "ip");

    public static readonly FieldTable Condition = new("PodCondition", "type", "status", "observedGeneration",
        "lastProbeTime", "lastTransitionTime", "reason", "message");

    public static readonly FieldTable Status = new("PodStatus",
        "podIP", new Field("podIPs", FieldShape.List, PodIp), "phase", "observedGeneration",
        new Field("conditions", FieldShape.List, Condition), "message",
        "reason",
        "nominatedNodeName", "hostIP", "hostIPs", "startTime", "initContainerStatuses", "containerStatuses", "qosClass",
        "ephemeralContainerStatuses", "resize", "resourceClaimStatuses", "extendedResourceClaimStatus",
        "allocatedResources", "resources");

    public static readonly FieldTable Pod = new(ObjectKinds.Pod.Name, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table),
        new Field("spec", FieldShape.Object, Spec), new Field("status", FieldShape.Object, Status));
}
