namespace Dataplane.ApiMachinery.Schemas;

/// <summary>A type of the API: the fields that a mapping may have. Immutable.</summary>
public sealed class ApiType
{
    private readonly string[] _names;

    /// <param name="name">As the OpenAPI document names it, such as <c>io.k8s.api.core.v1.PodSpec</c>; empty for a
    /// type without a name of its own, inside a CustomResourceDefinition.</param>
    public ApiType(string name, IEnumerable<ApiField> fields)
    {
        Name = name;
        Fields = [.. fields.OrderBy(f => f.Name, StringComparer.Ordinal)];
        _names = [.. Fields.Select(f => f.Name)];
    }

    public string Name { get; }

    /// <summary>In the ordinal order of their names.</summary>
    public IReadOnlyList<ApiField> Fields { get; }

    /// <summary>One sentence for <c>kubectl explain</c>; empty where there is none.</summary>
    public string Description { get; init; } = "";

    /// <summary>Fields that are not listed are kept as they are (x-kubernetes-preserve-unknown-fields).</summary>
    public bool KeepsUnknown { get; init; }

    /// <summary>Null: the type has no such field.</summary>
    public ApiField? Find(string field)
    {
        var at = Array.BinarySearch(_names, field, StringComparer.Ordinal);
        return at < 0 ? null : Fields[at];
    }

    public override string ToString() => Name;
}
