using System.Text;
using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Defaults;

/// <summary>Kinds of the cluster, of configuration and of access.</summary>
internal static class ClusterDefaults
{
    private const string Rbac = "rbac.authorization.k8s.io";

    /// <summary>A namespace is held until its objects are gone; one that goes is let go by the server.</summary>
    public static void Hold(JsonObject ns)
    {
        if (ns.Find("metadata")?["deletionTimestamp"] is null)
        {
            ns.Mapping("spec").Default("finalizers", new JsonArray("kubernetes"));
        }
    }

    public static void Namespace(JsonObject ns)
    {
        var metadata = ns.Mapping("metadata");
        if (metadata.Text("name") is { Length: > 0 } name)
        {
            metadata.Mapping("labels")["kubernetes.io/metadata.name"] = name;
        }
        ns.Mapping("status").Default("phase", "Active");
    }

    public static void Node(JsonObject node)
    {
        if (node.Find("status") is { } status && status.Find("capacity") is { } capacity)
        {
            status.Default("allocatable", capacity.DeepClone());
        }
    }

    /// <summary>What is given as text is kept encoded.</summary>
    public static void Secret(JsonObject secret)
    {
        secret.Default("type", "Opaque");
        if (secret.Find("stringData") is not { } texts)
        {
            return;
        }
        foreach (var key in texts.Select(p => p.Key).Where(k => texts.Text(k) is not null).ToList())
        {
            secret.Mapping("data")[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(texts.Text(key)!));
            texts.Remove(key);
        }
        if (texts.Count == 0)
        {
            secret.Remove("stringData");
        }
    }

    public static void LimitRange(JsonObject range)
    {
        foreach (var limit in range.Find("spec")?.Items("limits").Where(l => l.Text("type") == "Container") ?? [])
        {
            Fill(limit, "default", "max");
            Fill(limit, "defaultRequest", "default");
            Fill(limit, "defaultRequest", "min");
        }
    }

    public static void StorageClass(JsonObject storage)
    {
        storage.Default("reclaimPolicy", "Delete");
        storage.Default("volumeBindingMode", "Immediate");
    }

    public static void PriorityClass(JsonObject priority) =>
        priority.Default("preemptionPolicy", "PreemptLowerPriority");

    /// <summary>A RoleBinding or ClusterRoleBinding.</summary>
    public static void Binding(JsonObject binding)
    {
        binding.Find("roleRef")?.Default("apiGroup", Rbac);
        foreach (var subject in binding.Items("subjects").Where(s => s.Text("kind") is "User" or "Group"))
        {
            subject.Default("apiGroup", Rbac);
        }
    }

    private static void Fill(JsonObject limit, string field, string from)
    {
        foreach (var (name, amount) in limit.Find(from) ?? [])
        {
            if (amount is not null && limit.Mapping(field)[name] is null)
            {
                limit.Mapping(field)[name] = amount.DeepClone();
            }
        }
    }
}
