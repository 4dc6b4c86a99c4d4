using System.Text.Json.Nodes;

namespace Dataplane.ApiMachinery.Schemas;

/// <summary>One field of a type of the API.</summary>
/// <param name="Shape">What its value is, or each item of its list, or each value of its map.</param>
/// <param name="Type">The type of an <see cref="ValueShape.Object"/>; null for all others.</param>
public sealed record ApiField(string Name, ValueShape Shape, ValueCount Count, Func<ApiType>? Type)
{
    /// <summary>Of a list: how a server-side apply merges it.</summary>
    public ListMerge Merge { get; init; } = ListMerge.Atomic;

    /// <summary>Of a list that is merged as a map: the fields that tell items apart, in order.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>
    /// The mapping, or each mapping of the list or map, belongs to one manager as a whole (x-kubernetes-map-type:
    /// atomic, said by the field or by its type).
    /// </summary>
    public bool IsAtomic { get; init; }

    /// <summary>
    /// Of a list: a strategic merge patch merges it (x-kubernetes-patch-strategy: merge) instead of replacing it.
    /// </summary>
    public bool IsPatchMerged { get; init; }

    /// <summary>The field that tells items of such a list apart; null: they are scalars.</summary>
    public string? PatchKey { get; init; }

    /// <summary>
    /// Of a mapping, or of the items of a list: a strategic merge patch drops what its <c>$retainKeys</c> does not list
    /// (patch strategy retainKeys).
    /// </summary>
    public bool IsRetainKeys { get; init; }

    /// <summary>Of a mapping: a strategic merge patch replaces it as a whole (patch strategy replace).</summary>
    public bool IsPatchReplaced { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>
    /// What the field is where it is left out, such as the TCP of a port; null: nothing. Of the built-in kinds only the
    /// fields that tell items of a list apart have one here. Never changed, so cloned before it is put into an object.
    /// </summary>
    public JsonNode? Default { get; init; }

    /// <summary>The format of the OpenAPI document, such as <c>int32</c>; empty where there is none.</summary>
    public string Format { get; init; } = "";

    /// <summary>One sentence for <c>kubectl explain</c>; empty where there is none.</summary>
    public string Description { get; init; } = "";
}
