using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.Daemon.KubernetesApi.Shaping;
using Dataplane.Daemon.KubernetesApi.Views;

namespace Dataplane.Daemon.KubernetesApi.Serving;

/// <summary>What the API serves: the documents by which clients find kinds and verbs.</summary>
internal sealed class Discovery(ServedKinds kinds)
{
    private static readonly string[] Verbs =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    private static readonly Dictionary<string, (string Kind, string Group, string Version,
        string[] Verbs)> Subresources = new()
    {
        ["status"] = ("", "", "", ["get", "patch", "update"]),
        ["scale"] = ("Scale", "autoscaling", "v1", ["get", "patch", "update"]),
        ["log"] = ("", "", "", ["get"]),
        ["exec"] = ("PodExecOptions", "", "v1", ["create", "get"]),
        ["attach"] = ("PodAttachOptions", "", "v1", ["create", "get"]),
        ["portforward"] = ("PodPortForwardOptions", "", "v1", ["create", "get"]),
        ["eviction"] = ("Eviction", "policy", "v1", ["create"]),
        ["finalize"] = ("", "", "", ["update"]),
        ["ephemeralcontainers"] = ("", "", "", ["get", "patch", "update"]),
    };

    /// <summary>/api: the versions of the core group.</summary>
    public static JsonObject Core() => new()
    {
        ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray(),
    };

    /// <summary>/apis: the groups.</summary>
    public JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList", ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. ByGroup().Where(g => g.Key.Length > 0).Select(Group)]),
    };

    /// <summary>One group; null: there is none of that name.</summary>
    public JsonObject? Group(string name)
    {
        if (ByGroup().FirstOrDefault(g => g.Key == name && name.Length > 0) is not { } found) return null;
        var group = Group(found);
        (group["kind"], group["apiVersion"]) = ("APIGroup", "v1");
        return group;
    }

    /// <summary>The resources of a group and version; null: there are none.</summary>
    public JsonObject? Resources(string group, string version)
    {
        List<ApiResource> all = [.. All().Where(r => r.Kind.Group == group && r.Kind.Version == version)];
        if (all.Count == 0) return null;
        var resources = new JsonArray();
        foreach (var resource in all)
        {
            var kind = resource.Kind;
            var entry = new JsonObject
            {
                ["name"] = kind.Plural, ["singularName"] = kind.Singular, ["namespaced"] = kind.Namespaced,
                ["kind"] = kind.Name, ["verbs"] = JsonParts.Strings(VerbsOf(resource)),
            };
            if (kind.ShortNames.Count > 0) entry["shortNames"] = JsonParts.Strings(kind.ShortNames);
            if (resource.Categories.Count > 0) entry["categories"] = JsonParts.Strings(resource.Categories);
            resources.Add(entry);
            foreach (var sub in resource.Subresources)
            {
                if (!Subresources.TryGetValue(sub, out var known)) continue;
                var below = new JsonObject
                {
                    ["name"] = $"{kind.Plural}/{sub}", ["singularName"] = "", ["namespaced"] = kind.Namespaced,
                    ["kind"] = known.Kind.Length > 0 ? known.Kind : kind.Name,
                        ["verbs"] = JsonParts.Strings(known.Verbs),
                };
                if (known.Group.Length > 0) (below["group"], below["version"]) = (known.Group, known.Version);
                resources.Add(below);
            }
        }
        return new JsonObject
        {
            ["kind"] = "APIResourceList", ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}", ["resources"] = resources,
        };
    }

    /// <summary>Aggregated discovery (apidiscovery.k8s.io/v2): all groups, or the core group, in one
    /// document.</summary>
    public JsonObject Aggregated(bool isCore, string version) => new()
    {
        ["kind"] = "APIGroupDiscoveryList", ["apiVersion"] = $"apidiscovery.k8s.io/{version}",
        ["metadata"] = new JsonObject(),
        ["items"] = new JsonArray([.. ByGroup().Where(g => g.Key.Length == 0 == isCore).Select(AggregatedGroup)]),
    };

    private static JsonObject AggregatedGroup(IGrouping<string, ApiResource> group)
    {
        var metadata = new JsonObject { ["creationTimestamp"] = null };
        if (group.Key.Length > 0) metadata["name"] = group.Key;
        return new JsonObject
        {
            ["metadata"] = metadata,
            ["versions"] = new JsonArray([.. Versions(group).Select(version => new JsonObject
            {
                ["version"] = version, ["freshness"] = "Current",
                ["resources"] = new JsonArray([.. group.Where(r =>
                    r.Kind.Version == version).Select(AggregatedResource)]),
            })]),
        };
    }

    private static JsonObject AggregatedResource(ApiResource resource)
    {
        var kind = resource.Kind;
        var entry = new JsonObject
        {
            ["resource"] = kind.Plural, ["responseKind"] = Named(kind.Group, kind.Version, kind.Name),
            ["scope"] = kind.Namespaced ? "Namespaced" : "Cluster", ["singularResource"] = kind.Singular,
            ["verbs"] = JsonParts.Strings(VerbsOf(resource)),
        };
        if (kind.ShortNames.Count > 0) entry["shortNames"] = JsonParts.Strings(kind.ShortNames);
        if (resource.Categories.Count > 0) entry["categories"] = JsonParts.Strings(resource.Categories);
        var below = resource.Subresources.Where(Subresources.ContainsKey).Select(sub =>
        {
            var known = Subresources[sub];
            return new JsonObject
            {
                ["subresource"] = sub,
                ["responseKind"] = known.Kind.Length > 0 ? Named(known.Group, known.Version, known.Kind)
                    : Named(kind.Group, kind.Version, kind.Name),
                ["verbs"] = JsonParts.Strings(known.Verbs),
            };
        }).ToArray();
        if (below.Length > 0) entry["subresources"] = new JsonArray(below);
        return entry;
    }

    private static JsonObject Named(string group, string version, string kind) =>
        new() { ["group"] = group, ["version"] = version, ["kind"] = kind };

    private static string[] VerbsOf(ApiResource resource) =>
        resource.Path is Reviews.AccessPath or Reviews.RulesPath or Reviews.UserPath ? ["create"]
            : resource.HasDeleteCollection ? Verbs : [.. Verbs.Where(v => v != "deletecollection")];

    private IEnumerable<ApiResource> All() => kinds.All.Concat(Reviews.Resources);

    private IEnumerable<IGrouping<string, ApiResource>> ByGroup() => All().GroupBy(r => r.Kind.Group);

    private static IEnumerable<string> Versions(IEnumerable<ApiResource> group) =>
        group.Select(r => r.Kind.Version).Distinct();

    private static JsonObject Group(IGrouping<string, ApiResource> group)
    {
        JsonObject[] versions = [.. Versions(group).Select(v => new JsonObject
        {
            ["groupVersion"] = $"{group.Key}/{v}", ["version"] = v,
        })];
        return new JsonObject
        {
            ["name"] = group.Key, ["versions"] = new JsonArray([.. versions]),
            ["preferredVersion"] = versions[0].DeepClone(),
        };
    }
}
