using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.Daemon.KubernetesApi.Served;
using Dataplane.Daemon.KubernetesApi.Views;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.Daemon.KubernetesApi.Shaping;

/// <summary>The kinds that are served: those of the registry, and those that CustomResourceDefinitions
/// register.</summary>
internal sealed class ServedKinds(ServedState state)
{
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static readonly Dictionary<string, ApiResource> BuiltInStored = ApiResources.BuiltIn.Where(r => r.IsStored)
        .ToDictionary(Registry.StoredKind);

    private sealed record Registered(object From, ImmutableArray<CustomKind> Kinds);

    private volatile Registered _custom = new(ServedList.None, []);

    /// <summary>A kind of a CustomResourceDefinition, at one of its versions.</summary>
    /// <param name="Type">Null: nothing is known of its fields.</param>
    public sealed record CustomKind(ApiResource Resource, ApiType? Type, JsonObject Version, bool IsStorage);

    /// <summary>All of them now.</summary>
    public IReadOnlyList<ApiResource> All => [.. ApiResources.BuiltIn, .. CustomKinds.Select(k => k.Resource)];

    public IReadOnlyList<CustomKind> CustomKinds => Read();

    /// <summary>What a CustomResourceDefinition says of a resource; null: none has registered it.</summary>
    public CustomKind? Custom(ApiResource resource) =>
        CustomKinds.FirstOrDefault(k => ReferenceEquals(k.Resource, resource));

    /// <summary>The types of all of them.</summary>
    public SchemaSet Types => Read().Where(k => k.Type is not null)
        .Aggregate(SchemaSet.BuiltIn, (set, kind) => set.With(kind.Resource, kind.Type!));

    /// <summary>The resource of stored objects, by the kind of their keys.</summary>
    public ApiResource? OfStored(string kind) => BuiltInStored.GetValueOrDefault(kind)
        ?? (kind == Registry.StoredKind(Registry.ReplicaSets) ? Registry.ReplicaSets : null)
        ?? Read().FirstOrDefault(k => k.IsStorage && Registry.StoredKind(k.Resource) == kind)?.Resource;

    /// <summary>The resource at a path's group, version and plural; null: there is none.</summary>
    public ApiResource? Find(string group, string version, string plural) => All.FirstOrDefault(
        r => r.Kind.Plural == plural && r.Kind.Version == version && r.Kind.Group == group);

    private ImmutableArray<CustomKind> Read()
    {
        var definitions = state.Objects.Current.Of(Definitions);
        var known = _custom;
        if (ReferenceEquals(known.From, definitions)) return known.Kinds;
        var kinds = ImmutableArray.CreateBuilder<CustomKind>();
        foreach (var definition in definitions.Values) kinds.AddRange(KindsOf(definition.Parse()));
        _custom = new Registered(definitions, kinds.ToImmutable());
        return _custom.Kinds;
    }

    private static IEnumerable<CustomKind> KindsOf(JsonObject definition)
    {
        if (definition["spec"] is not JsonObject spec || spec["names"] is not JsonObject names
            || names.Text("plural") is not { } plural || names.Text("kind") is not { } kind)
        {
            yield break;
        }
        string[] shortNames = [.. (names["shortNames"] as JsonArray ?? []).Select(n => n!.GetValue<string>())];
        string[] categories = [.. (names["categories"] as JsonArray ?? []).Select(n => n!.GetValue<string>())];
        foreach (var version in (spec["versions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (version["served"]?.GetValue<bool>() is not true || version.Text("name") is not { } name) continue;
            var subresources = (version["subresources"] as JsonObject ?? []).Select(s => s.Key).Order().ToArray();
            var resource = new ApiResource(new ObjectKind(spec.Text("group") ?? "", name, kind, plural, shortNames,
                spec.Text("scope") == "Namespaced"), subresources) { IsStored = true, Categories = categories };
            var schema = version["schema"]?["openAPIV3Schema"] as JsonObject;
            yield return new CustomKind(resource,
                schema is null ? null : CrdSchema.Read(CrdSchema.NameOf(resource.Kind), schema), version,
                version["storage"]?.GetValue<bool>() is true);
        }
    }
}
