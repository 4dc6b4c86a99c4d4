namespace Dataplane.ApiMachinery.Schemas;

/// <summary>A type of the API: the fields that a mapping may have. Immutable.</summary>
public sealed class ApiType
{
    private readonly string[] _names;
    private readonly ApiField[] _fields;

    /// <param name="name">As the OpenAPI document names it, such as <c>io.k8s.api.core.v1.PodSpec</c>; empty for a
    /// type without a name of its own, inside a CustomResourceDefinition.</param>
    public ApiType(string name, IEnumerable<ApiField> fields)
    {
        Name = name;
        _fields = [.. fields];
        _names = Array.ConvertAll(_fields, f => f.Name);
        Array.Sort(_names, _fields, StringComparer.Ordinal);
    }

    public string Name { get; }

    /// <summary>In the ordinal order of their names.</summary>
    public IReadOnlyList<ApiField> Fields => _fields;

    /// <summary>One sentence for <c>kubectl explain</c>; empty where there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Fields that are not listed are kept as they are (x-kubernetes-preserve-unknown-fields).</summary>
    public bool KeepsUnknown { get; init; }

    /// <summary>Its values belong to one manager as a whole (x-kubernetes-map-type: atomic).</summary>
    public bool IsAtomic { get; init; }

    /// <summary>Null: the type has no such field.</summary>
    public ApiField? Find(string field)
    {
        var at = Array.BinarySearch(_names, field, StringComparer.Ordinal);
        return at < 0 ? null : _fields[at];
    }

    public override string ToString() => Name;
}
