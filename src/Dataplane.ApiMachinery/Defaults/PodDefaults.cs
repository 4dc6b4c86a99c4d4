using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>
/// Pods and their templates. Of what admission adds to a pod in a cluster, the tolerations of nodes that are not ready
/// or not reachable and the volume of the service account's token are left out: nothing here evicts pods or answers to
/// such a token.
/// </summary>
internal static class PodDefaults
{
    private const int GraceSeconds = 30;

    private static readonly string[] ContainerLists = ["containers", "initContainers", "ephemeralContainers"];

    public static void Pod(JsonObject pod)
    {
        var spec = pod.Mapping("spec");
        Spec(spec);
        spec.Default("enableServiceLinks", true);
        foreach (var container in spec.Items("containers").Concat(spec.Items("initContainers")))
        {
            ContainerDefaults.RequestLimits(container);
            foreach (var port in spec.IsTrue("hostNetwork") ? container.Items("ports") : [])
            {
                if (port.Integer("containerPort") is { } value)
                {
                    port.DefaultNumber("hostPort", value);
                }
            }
        }
    }

    /// <summary>What admission adds.</summary>
    public static void Admit(JsonObject pod)
    {
        var spec = pod.Mapping("spec");
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        if (string.IsNullOrEmpty(spec.Text("priorityClassName")))
        {
            spec.Default("priority", 0);
        }
        spec.Default("serviceAccountName", "default");
        Mirror(spec);
    }

    /// <param name="owner">What has a field <c>template</c>.</param>
    public static void Template(JsonObject owner)
    {
        if (owner.Find("template") is { } template)
        {
            Spec(template.Mapping("spec"));
        }
    }

    private static void Spec(JsonObject spec)
    {
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("restartPolicy", "Always");
        spec.Default("schedulerName", "default-scheduler");
        spec.Default("securityContext", new JsonObject());
        spec.Default("terminationGracePeriodSeconds", GraceSeconds);
        Mirror(spec);
        foreach (var container in ContainerLists.SelectMany(spec.Items))
        {
            ContainerDefaults.Apply(container);
        }
        foreach (var volume in spec.Items("volumes"))
        {
            VolumeDefaults.Apply(volume);
        }
    }

    /// <summary>The account has an older name beside its own.</summary>
    private static void Mirror(JsonObject spec)
    {
        if (spec.Text("serviceAccount") is { Length: > 0 } old)
        {
            spec.Default("serviceAccountName", old);
        }
        if (spec.Text("serviceAccountName") is { Length: > 0 } name)
        {
            spec["serviceAccount"] = name;
        }
    }
}
