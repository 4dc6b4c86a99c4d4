using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>Kinds that make pods.</summary>
internal static class WorkloadDefaults
{
    private const int History = 10, DeadlineSeconds = 600;

    public static void Deployment(JsonObject deployment)
    {
        var spec = deployment.Mapping("spec");
        spec.Default("progressDeadlineSeconds", DeadlineSeconds);
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", History);
        var strategy = spec.Mapping("strategy");
        strategy.Default("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Mapping("rollingUpdate");
            rolling.Default("maxSurge", "25%");
            rolling.Default("maxUnavailable", "25%");
        }
        PodDefaults.Template(spec);
    }

    public static void ReplicaSet(JsonObject set)
    {
        var spec = set.Mapping("spec");
        spec.Default("replicas", 1);
        PodDefaults.Template(spec);
    }

    public static void StatefulSet(JsonObject set)
    {
        var spec = set.Mapping("spec");
        spec.Default("podManagementPolicy", "OrderedReady");
        spec.Default("replicas", 1);
        spec.Default("revisionHistoryLimit", History);
        var retention = spec.Mapping("persistentVolumeClaimRetentionPolicy");
        retention.Default("whenDeleted", "Retain");
        retention.Default("whenScaled", "Retain");
        var update = spec.Mapping("updateStrategy");
        if (string.IsNullOrEmpty(update.Text("type")))
        {
            update.Default("type", "RollingUpdate");
            update.Mapping("rollingUpdate");
        }
        if (update.Text("type") == "RollingUpdate")
        {
            update.Find("rollingUpdate")?.Default("partition", 0);
        }
        PodDefaults.Template(spec);
        foreach (var claim in spec.Items("volumeClaimTemplates"))
        {
            claim.Default("apiVersion", "v1");
            claim.Default("kind", "PersistentVolumeClaim");
            VolumeDefaults.Claim(claim);
        }
    }

    public static void DaemonSet(JsonObject set)
    {
        var spec = set.Mapping("spec");
        spec.Default("revisionHistoryLimit", History);
        var update = spec.Mapping("updateStrategy");
        update.Default("type", "RollingUpdate");
        if (update.Text("type") == "RollingUpdate")
        {
            var rolling = update.Mapping("rollingUpdate");
            rolling.Default("maxSurge", 0);
            rolling.Default("maxUnavailable", 1);
        }
        PodDefaults.Template(spec);
    }

    public static void ReplicationController(JsonObject controller)
    {
        var spec = controller.Mapping("spec");
        spec.Default("replicas", 1);
        if (LabelsOf(spec) is { Count: > 0 } labels)
        {
            if (spec.Find("selector") is not { Count: > 0 })
            {
                spec["selector"] = labels.DeepClone();
            }
            LabelAs(controller, labels);
        }
        PodDefaults.Template(spec);
    }

    public static void Job(JsonObject job)
    {
        var spec = job.Mapping("spec");
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1;
        }
        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", spec["backoffLimitPerIndex"] is null ? 6 : int.MaxValue);
        spec.Default("completionMode", "NonIndexed");
        spec.Default("podReplacementPolicy", spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed");
        spec.Default("suspend", false);
        foreach (var rule in spec.Find("podFailurePolicy")?.Items("rules") ?? [])
        {
            foreach (var condition in rule.Items("onPodConditions"))
            {
                condition.Default("status", "True");
            }
        }
        if (LabelsOf(spec) is { } labels)
        {
            LabelAs(job, labels);
        }
        PodDefaults.Template(spec);
    }

    public static void CronJob(JsonObject job)
    {
        var spec = job.Mapping("spec");
        spec.Default("concurrencyPolicy", "Allow");
        spec.Default("failedJobsHistoryLimit", 1);
        spec.Default("successfulJobsHistoryLimit", 3);
        spec.Default("suspend", false);
        if (spec.Find("jobTemplate")?.Find("spec") is { } inner)
        {
            PodDefaults.Template(inner);
        }
    }

    private static JsonObject? LabelsOf(JsonObject spec) => spec.Find("template")?.Find("metadata")?.Find("labels");

    private static void LabelAs(JsonObject obj, JsonObject labels)
    {
        var metadata = obj.Mapping("metadata");
        if (metadata.Find("labels") is not { Count: > 0 })
        {
            metadata["labels"] = labels.DeepClone();
        }
    }
}
