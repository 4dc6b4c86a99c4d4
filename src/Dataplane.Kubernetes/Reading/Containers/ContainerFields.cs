using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>The fields of the parts of core/v1 Container that say what runs and how.</summary>
internal static class ContainerFields
{
    private static readonly FieldTable KeySelector = new("KeySelector", "name", "key", "optional");

    public static readonly FieldTable FieldSelector = new("ObjectFieldSelector", "apiVersion", "fieldPath");

    public static readonly FieldTable VariableSource = new("EnvVarSource",
        new Field("fieldRef", FieldShape.Object, FieldSelector), "resourceFieldRef",
        new Field("configMapKeyRef", FieldShape.Object, KeySelector),
        new Field("secretKeyRef", FieldShape.Object, KeySelector), "fileKeyRef");

    public static readonly FieldTable Variable = new("EnvVar", "name", "value",
        new Field("valueFrom", FieldShape.Object, VariableSource));

    public static readonly FieldTable Exec = new("ExecAction", "command");

    public static readonly FieldTable Header = new("HTTPHeader", "name", "value");

    public static readonly FieldTable Http = new("HTTPGetAction", "path", "port", "host", "scheme",
        new Field("httpHeaders", FieldShape.List, Header));

    public static readonly FieldTable Tcp = new("TCPSocketAction", "port", "host");

    public static readonly FieldTable Grpc = new("GRPCAction", "port", "service");

    public static readonly FieldTable Sleep = new("SleepAction", "seconds");

    private static readonly Field[] Actions =
    [
        new("exec", FieldShape.Object, Exec), new("httpGet", FieldShape.Object, Http),
        new("tcpSocket", FieldShape.Object, Tcp),
    ];

    public static readonly FieldTable Probe = new("Probe", [.. Actions, new("grpc", FieldShape.Object, Grpc),
        "initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold",
        "terminationGracePeriodSeconds"]);

    public static readonly FieldTable Handler = new("LifecycleHandler",
        [.. Actions, new("sleep", FieldShape.Object, Sleep)]);

    public static readonly FieldTable Lifecycle = new("Lifecycle", new Field("postStart", FieldShape.Object, Handler),
        new Field("preStop", FieldShape.Object, Handler), "stopSignal");

    public static readonly FieldTable Capabilities = new("Capabilities", "add", "drop");

    public static readonly FieldTable Security = new("SecurityContext",
        new Field("capabilities", FieldShape.Object, Capabilities), "privileged", "seLinuxOptions", "windowsOptions",
        "runAsUser", "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "procMount",
        "seccompProfile", "appArmorProfile");

    public static readonly FieldTable PodSecurity = new("PodSecurityContext", "seLinuxOptions", "windowsOptions",
        "runAsUser", "runAsGroup", "runAsNonRoot", "supplementalGroups", "supplementalGroupsPolicy", "fsGroup",
        "sysctls", "fsGroupChangePolicy", "seccompProfile", "appArmorProfile", "seLinuxChangePolicy");

    public static readonly FieldTable Resources = new("ResourceRequirements", new Field("limits", FieldShape.Map),
        new Field("requests", FieldShape.Map), "claims");
}
