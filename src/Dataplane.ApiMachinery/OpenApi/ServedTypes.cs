using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.OpenApi;

/// <summary>The types that a document of some resources needs, with the kinds that they stand for.</summary>
internal sealed class ServedTypes(SchemaSet schemas)
{
    private static readonly GroupVersionKind Scale = new("autoscaling", "v1", "Scale");
    private static readonly GroupVersionKind Eviction = new("policy", "v1", "Eviction");

    private readonly SortedDictionary<string, ApiType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupVersionKind> _kinds = [];

    /// <summary>All that were asked for, and those of their fields, by name.</summary>
    public IReadOnlyDictionary<string, ApiType> All => _types;

    public GroupVersionKind? KindOf(ApiType type) => _kinds.TryGetValue(type.Name, out var kind) ? kind : null;

    /// <summary>A type that is not known is one of a custom resource without a schema.</summary>
    public ApiType Of(ApiResource resource) => Add(
        schemas.Of(resource) ?? CrdSchema.Read(CrdSchema.NameOf(resource.Kind), null), Kind(resource));

    public ApiType ListOf(ApiResource resource)
    {
        var item = Of(resource);
        var list = schemas.Find(item.Name + "List") ?? new ApiType(item.Name + "List",
        [
            new ApiField("apiVersion", ValueShape.Text, ValueCount.One, null),
            new ApiField("items", ValueShape.Object, ValueCount.List, () => item) { IsRequired = true },
            new ApiField("kind", ValueShape.Text, ValueCount.One, null),
            new ApiField("metadata", ValueShape.Object, ValueCount.One, () => Meta("ListMeta")),
        ]);
        var kind = Kind(resource);
        return Add(list, kind with { Kind = kind.Kind + "List" });
    }

    public ApiType ScaleType => Add(schemas.Find("io.k8s.api.autoscaling.v1.Scale")!, Scale);

    public ApiType EvictionType => Add(schemas.Find("io.k8s.api.policy.v1.Eviction")!, Eviction);

    public ApiType DeleteOptions => Add(Meta("DeleteOptions"), new GroupVersionKind("", "v1", "DeleteOptions"));

    public ApiType Status => Add(Meta("Status"), new GroupVersionKind("", "v1", "Status"));

    public static GroupVersionKind Kind(ApiResource resource) =>
        new(resource.Kind.Group, resource.Kind.Version, resource.Kind.Name);

    private ApiType Meta(string name) => schemas.Find($"{SchemaSet.Meta}.{name}")!;

    private ApiType Add(ApiType type, GroupVersionKind kind)
    {
        _kinds[type.Name] = kind;
        Collect(type);
        return type;
    }

    /// <summary>Types without a name stand inside the one that uses them.</summary>
    private void Collect(ApiType type)
    {
        if (type.Name.Length > 0 && !_types.TryAdd(type.Name, type))
        {
            return;
        }
        foreach (var field in type.Fields)
        {
            if (field.Type is { } next)
            {
                Collect(next());
            }
        }
    }
}
