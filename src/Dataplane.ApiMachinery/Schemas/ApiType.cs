using System.Collections.Frozen;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>A type of the API: the fields that a mapping may have. Immutable.</summary>
/// <param name="name">As the OpenAPI document names it, such as <c>io.k8s.api.core.v1.PodSpec</c>.</param>
public sealed class ApiType(string name, IReadOnlyList<ApiField> fields)
{
    private readonly FrozenDictionary<string, ApiField> _byName = fields.ToFrozenDictionary(f => f.Name);

    public string Name { get; } = name;

    /// <summary>In the order of their names.</summary>
    public IReadOnlyList<ApiField> Fields { get; } = fields;

    /// <summary>One sentence for <c>kubectl explain</c>; empty where there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Fields that are not listed are kept as they are (x-kubernetes-preserve-unknown-fields).</summary>
    public bool KeepsUnknown { get; init; }

    /// <summary>Null: the type has no such field.</summary>
    public ApiField? Find(string field) => _byName.GetValueOrDefault(field);
}
