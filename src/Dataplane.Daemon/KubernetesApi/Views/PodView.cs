using System.Text.Json;
using System.Text.Json.Nodes;
using Dataplane.Api;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Daemon.KubernetesApi.Views;

/// <summary>What the node has made of a pod.</summary>
/// <param name="Pod">As it is planned.</param>
/// <param name="Status">Null: nothing runs in it.</param>
/// <param name="Addresses">Those that it has, IPv4 first; empty: it has none yet.</param>
/// <param name="Node">The name of the node, and its address.</param>
internal sealed record PodFacts(PodObject Pod, PodStatusEntry? Status, IReadOnlyList<string> Addresses,
    (string Name, string? Address) Node)
{
    /// <summary>It was deleted, and its programs end; the seconds that they have. Null: it was not.</summary>
    public int? EndingSeconds { get; init; }

    /// <summary>When it was deleted.</summary>
    public DateTimeOffset Deleted { get; init; }
}

/// <summary>A Pod as the API shows it.</summary>
internal static class PodView
{
    /// <summary>A pod that a workload makes.</summary>
    /// <param name="owner">The workload, or its ReplicaSet.</param>
    /// <param name="template">Its spec.template.</param>
    /// <param name="hash">The value of pod-template-hash; empty: it has none.</param>
    public static JsonObject OfTemplate(ApiResource pods, PodObject pod, JsonObject owner, JsonObject template,
        string hash, ObjectRecord record)
    {
        var obj = ObjectView.Bare(pods, pod.Name);
        var metadata = obj.Child("metadata");
        var labels = pod.Labels.Where(l => l.Value != ControllerLabels.Unknown).ToList();
        if (hash.Length > 0 && pod.Labels.ContainsKey("pod-template-hash"))
            labels.Add(KeyValuePair.Create("pod-template-hash", hash));
        if (labels.Count > 0) metadata["labels"] = JsonParts.Of(labels);
        if ((template["metadata"] as JsonObject)?["annotations"] is { } annotations)
            metadata["annotations"] = annotations.DeepClone();
        metadata["ownerReferences"] = new JsonArray(OwnerOf(owner));
        obj["spec"] = template["spec"]?.DeepClone() ?? new JsonObject();
        if (pod.HostName is { } hostName) obj.Child("spec")["hostname"] = hostName;
        ObjectView.Fill(pods, obj, pod.Namespace, record);
        return obj;
    }

    /// <summary>A reference to the controller that makes an object.</summary>
    public static JsonObject OwnerOf(JsonObject owner) => new()
    {
        ["apiVersion"] = owner.Text("apiVersion"), ["kind"] = owner.Text("kind"),
        ["name"] = owner.Child("metadata").Text("name"), ["uid"] = owner.Child("metadata").Text("uid"),
        ["controller"] = true, ["blockOwnerDeletion"] = true,
    };

    /// <summary>Adds where it is and how it is.</summary>
    public static void Complete(JsonObject obj, PodFacts facts)
    {
        var (metadata, spec) = (obj.Child("metadata"), obj.Child("spec"));
        if (spec.Text("nodeName") is null or "") spec["nodeName"] = facts.Node.Name;
        if (facts.EndingSeconds is { } seconds)
        {
            metadata["deletionTimestamp"] = JsonParts.Time(facts.Deleted + TimeSpan.FromSeconds(seconds));
            metadata["deletionGracePeriodSeconds"] = seconds;
        }
        obj["status"] = Status(obj, facts);
    }

    private static JsonObject Status(JsonObject obj, PodFacts facts)
    {
        var created = obj.Child("metadata").Text("creationTimestamp")!;
        var status = facts.Status is { } known
            ? JsonSerializer.SerializeToNode(known, ApiJson.Default.PodStatusEntry)!.AsObject()
                : Idle(obj, facts, created);
        if (facts.Status is not null)
        {
            var isReady = facts.Status.Conditions.Any(c => c is { Type: "Ready", Status: "True" });
            status["conditions"] = Conditions(isReady, facts.Status.Phase != "Pending", created);
            foreach (var list in new[] { "initContainerStatuses", "containerStatuses" })
            {
                if (status[list] is not JsonArray { Count: > 0 } containers) status.Remove(list);
                else foreach (var container in containers) Container(container!.AsObject());
            }
        }
        status["qosClass"] = "BestEffort";
        if (facts.Node.Address is { } host)
        {
            status["hostIP"] = host;
            status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = host });
        }
        if (facts.Addresses.Count > 0)
        {
            status["podIP"] = facts.Addresses[0];
            status["podIPs"] = new JsonArray([.. facts.Addresses.Select(a => new JsonObject { ["ip"] = a })]);
        }
        return status;
    }

    /// <summary>Of a pod in which nothing is run: it is as ready as its network.</summary>
    private static JsonObject Idle(JsonObject obj, PodFacts facts, string created)
    {
        if (facts.Pod.EndedPhase is { } phase) return new JsonObject { ["phase"] = phase };
        var isThere = facts.Addresses.Count > 0;
        var isReady = isThere && facts.Pod.IsReady;
        var containers = (obj["spec"]?["containers"] as JsonArray ?? []).OfType<JsonObject>().Select(c => new JsonObject
        {
            ["name"] = c.Text("name"), ["image"] = c.Text("image") ?? "", ["imageID"] = "", ["ready"] = isReady,
            ["started"] = isThere, ["restartCount"] = 0,
            ["state"] = isThere ? new JsonObject { ["running"] = new JsonObject { ["startedAt"] = created } }
                : new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } },
        });
        return new JsonObject
        {
            ["phase"] = isThere ? "Running" : "Pending", ["conditions"] = Conditions(isReady, isThere, created),
            ["containerStatuses"] = new JsonArray([.. containers]), ["startTime"] = created,
        };
    }

    private static JsonArray Conditions(bool isReady, bool isInitialized, string since) => new([.. new[]
    {
        ("PodReadyToStartContainers", true), ("Initialized", isInitialized), ("Ready", isReady),
        ("ContainersReady", isReady), ("PodScheduled", true),
    }.Select(c => new JsonObject
    {
        ["type"] = c.Item1, ["status"] = c.Item2 ? "True" : "False", ["lastProbeTime"] = null,
        ["lastTransitionTime"] = since,
    })]);

    private static void Container(JsonObject container)
    {
        container["imageID"] = "";
        container["lastState"] ??= new JsonObject();
    }
}
