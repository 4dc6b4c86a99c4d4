using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Daemon.KubernetesApi.Views;

/// <summary>Namespaces and nodes, which are there without a manifest too.</summary>
internal static class ClusterViews
{
    /// <param name="held">Null: only objects in it name it.</param>
    public static JsonObject Namespace(ApiResource resource, NamespaceObject ns, HeldObject? held)
    {
        var obj = held is null ? ObjectView.Bare(resource, ns.Name) : ObjectView.Of(resource, held);
        if (held is null) ObjectView.Fill(resource, obj, "", ImpliedRecord(resource.Kind.Name, ns.Name));
        obj["status"] = new JsonObject { ["phase"] = held?.Record.Deleted is null ? "Active" : "Terminating" };
        return obj;
    }

    /// <summary>This machine, as a kubelet would describe it.</summary>
    /// <param name="held">Null: no manifest describes it.</param>
    public static JsonObject Node(ApiResource resource, string name, HeldObject? held,
        IReadOnlyDictionary<string, string> labels, IEnumerable<string> addresses, IEnumerable<string> podNetworks,
        string version)
    {
        var obj = held is null ? ObjectView.Bare(resource, name) : ObjectView.Of(resource, held);
        if (held is null)
        {
            obj.Child("metadata")["labels"] = JsonParts.Of(labels.Append(KeyValuePair.Create("kubernetes.io/hostname",
                name)));
            ObjectView.Fill(resource, obj, "", ImpliedRecord(resource.Kind.Name, name));
        }
        string[] networks = [.. podNetworks];
        var spec = obj.Child("spec");
        spec["podCIDR"] ??= networks[0];
        spec["podCIDRs"] ??= JsonParts.Strings(networks);
        var all = addresses.Select(a => new JsonObject { ["type"] = "InternalIP", ["address"] = a })
            .Append(new JsonObject { ["type"] = "Hostname", ["address"] = name });
        obj["status"] = new JsonObject
        {
            ["addresses"] = new JsonArray([.. all]),
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready", ["status"] = "True", ["reason"] = "KubeletReady",
                ["message"] = "dataplane enforces the desired state",
            }),
            ["nodeInfo"] = new JsonObject
            {
                ["architecture"] = "", ["bootID"] = "", ["containerRuntimeVersion"] = $"dataplane://{version}",
                ["kernelVersion"] = Environment.OSVersion.Version.ToString(), ["kubeProxyVersion"] = "",
                ["kubeletVersion"] = $"dataplane-{version}", ["machineID"] = "", ["operatingSystem"] = "linux",
                ["osImage"] = "Linux", ["systemUUID"] = "",
            },
        };
        return obj;
    }

    private static ObjectRecord ImpliedRecord(string kind, string name) =>
        new(ObjectRecord.Derived(kind, name), Started) { Generation = 1 };

    /// <summary>Since when what nobody made is there.</summary>
    private static readonly DateTimeOffset Started = ObjectRecord.Now();
}
