using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;

namespace Dataplane.Daemon.KubernetesApi.Views;

/// <summary>How many pods a workload has.</summary>
internal readonly record struct PodCounts(int All, int Ready, int Succeeded, int Failed);

/// <summary>Deployments and the like: their status, and the ReplicaSet of a Deployment.</summary>
internal static class WorkloadView
{
    /// <summary>The annotation that numbers the templates of a Deployment, from 1.</summary>
    public const string Revision = "deployment.kubernetes.io/revision";

    private const string HashLabel = "pod-template-hash";

    /// <summary>What generated names are made of: no vowels, and nothing that looks like something else.</summary>
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>spec.template; of a CronJob that of its Job.</summary>
    public static JsonObject? Template(JsonObject workload) => workload["spec"] is not JsonObject spec ? null
        : (workload.Text("kind") == "CronJob" ? spec["jobTemplate"]?["spec"] as JsonObject : spec)?["template"]
            as JsonObject;

    /// <summary>A word for a template, the same for the same one, in whatever order its fields stand.</summary>
    public static string HashOf(JsonObject template)
    {
        var sorted = Sorted(template)!.AsObject();
        (sorted["metadata"]?["labels"] as JsonObject)?.Remove(HashLabel);
        var number = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(sorted.ToJsonString())));
        var word = new char[10];
        for (var i = 0; i < word.Length; i++, number /= (ulong)Alphabet.Length)
            word[i] = Alphabet[(int)(number % (ulong)Alphabet.Length)];
        return new string(word);
    }

    /// <summary>The ReplicaSet through which a Deployment has its pods.</summary>
    /// <param name="replicas">The number of pods that it is to have.</param>
    public static JsonObject ReplicaSet(ApiResource resource, JsonObject deployment, string hash, long replicas)
    {
        var (from, spec) = (deployment.Child("metadata"), deployment.Child("spec"));
        var (ns, name) = (from.Text("namespace")!, $"{from.Text("name")}-{hash}");
        var obj = ObjectView.Bare(resource, name);
        var metadata = obj.Child("metadata");
        var template = Template(deployment)?.Copy() ?? new JsonObject();
        template.Child("metadata").Child("labels")[HashLabel] = hash;
        metadata["labels"] = template["metadata"]!["labels"]!.DeepClone();
        var desired = spec.Number("replicas") ?? 1;
        metadata["annotations"] = new JsonObject
        {
            ["deployment.kubernetes.io/desired-replicas"] = desired.ToString(CultureInfo.InvariantCulture),
            ["deployment.kubernetes.io/max-replicas"] = (desired + 1).ToString(CultureInfo.InvariantCulture),
            [Revision] = (from["annotations"] as JsonObject).Text(Revision) ?? "1",
        };
        metadata["ownerReferences"] = new JsonArray(PodView.OwnerOf(deployment));
        var selector = (spec["selector"] as JsonObject)?.Copy() ?? new JsonObject();
        selector.Child("matchLabels")[HashLabel] = hash;
        obj["spec"] = new JsonObject { ["replicas"] = replicas, ["selector"] = selector, ["template"] = template };
        var created = DateTimeOffset.Parse(from.Text("creationTimestamp")!, CultureInfo.InvariantCulture);
        ObjectView.Fill(resource, obj, ns,
            new ObjectRecord(ObjectRecord.Derived(from.Text("uid")!, name), created));
        return obj;
    }

    /// <summary>Adds the status that a controller would write.</summary>
    public static void Complete(JsonObject obj, PodCounts pods)
    {
        var metadata = obj.Child("metadata");
        var generation = metadata.Number("generation") ?? 1;
        var (desired, since) = ((int)(obj.Child("spec").Number("replicas") ?? 1), metadata.Text("creationTimestamp")!);
        obj["status"] = obj.Text("kind") switch
        {
            "Deployment" => Deployment(generation, desired, pods, since, $"{metadata.Text("name")}"),
            "ReplicaSet" or "ReplicationController" => Counted(generation, pods, "fullyLabeledReplicas"),
            "StatefulSet" => StatefulSet(obj, generation, pods),
            "DaemonSet" => DaemonSet(generation, pods),
            "Job" => Job(obj, pods, since),
            _ => new JsonObject(),
        };
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject mapping => new JsonObject(mapping.OrderBy(f => f.Key, StringComparer.Ordinal)
            .Select(f => KeyValuePair.Create(f.Key, Sorted(f.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Deployment(long generation, int desired, PodCounts pods, string since, string name)
    {
        var status = Counted(generation, pods, "updatedReplicas");
        if (pods.Ready < desired) status["unavailableReplicas"] = desired - pods.Ready;
        var isAvailable = pods.Ready >= desired - desired / 4;
        var isDone = pods.Ready >= desired && pods.All == desired;
        status["conditions"] = new JsonArray(
            Condition("Available", isAvailable, since,
                isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                $"Deployment {(isAvailable ? "has" : "does not have")} minimum availability."),
            Condition("Progressing", true, since, isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                $"Deployment \"{name}\" {(isDone ? "has successfully progressed." : "is progressing.")}"));
        return status;
    }

    private static JsonObject Counted(long generation, PodCounts pods, string further)
    {
        var status = new JsonObject { ["observedGeneration"] = generation, ["replicas"] = pods.All };
        if (pods.All > 0) status[further] = pods.All;
        if (pods.Ready > 0) (status["readyReplicas"], status["availableReplicas"]) = (pods.Ready, pods.Ready);
        return status;
    }

    private static JsonObject StatefulSet(JsonObject obj, long generation, PodCounts pods)
    {
        var revision = $"{obj.Child("metadata").Text("name")}-{HashOf(Template(obj) ?? [])}";
        return new JsonObject
        {
            ["observedGeneration"] = generation, ["replicas"] = pods.All, ["readyReplicas"] = pods.Ready,
            ["availableReplicas"] = pods.Ready, ["currentReplicas"] = pods.All, ["updatedReplicas"] = pods.All,
            ["currentRevision"] = revision, ["updateRevision"] = revision, ["collisionCount"] = 0,
        };
    }

    private static JsonObject DaemonSet(long generation, PodCounts pods) => new()
    {
        ["observedGeneration"] = generation, ["currentNumberScheduled"] = pods.All, ["numberMisscheduled"] = 0,
        ["desiredNumberScheduled"] = pods.All, ["numberReady"] = pods.Ready, ["updatedNumberScheduled"] = pods.All,
        ["numberAvailable"] = pods.Ready, ["numberUnavailable"] = pods.All - pods.Ready,
    };

    private static JsonObject Job(JsonObject obj, PodCounts pods, string since)
    {
        var wanted = (int)(obj.Child("spec").Number("completions") ?? 1);
        var status = new JsonObject { ["startTime"] = since };
        var active = pods.All - pods.Succeeded - pods.Failed;
        if (active > 0) (status["active"], status["ready"]) = (active, pods.Ready);
        if (pods.Succeeded > 0) status["succeeded"] = pods.Succeeded;
        if (pods.Failed > 0) status["failed"] = pods.Failed;
        if (pods.Succeeded >= wanted)
        {
            status["completionTime"] = since;
            status["conditions"] = new JsonArray(Condition("Complete", true, since, "CompletionsReached",
                "Reached expected number of succeeded pods"));
        }
        else if (pods.Failed > 0 && active == 0)
        {
            status["conditions"] = new JsonArray(Condition("Failed", true, since, "BackoffLimitExceeded",
                "Job has reached the specified backoff limit"));
        }
        return status;
    }

    private static JsonObject Condition(string type, bool isTrue, string since, string reason, string message) => new()
    {
        ["type"] = type, ["status"] = isTrue ? "True" : "False", ["lastUpdateTime"] = since,
        ["lastTransitionTime"] = since, ["reason"] = reason, ["message"] = message,
    };
}
