namespace Dataplane.ApiMachinery.Protobuf;

internal enum FieldCount
{
    One,
    List,
    /// <summary>With texts as keys.</summary>
    Map,
}

/// <summary>One field of a message.</summary>
/// <param name="Name">In JSON; <c>-</c>: the fields of its message stand in the object itself.</param>
/// <param name="Type">A scalar's word, or a message by its name with the package.</param>
/// <param name="IsKept">
/// It is in the JSON too when it is zero: Go's encoder writes each field that is no pointer, while the JSON leaves the
/// zeros out of all that are not pointers or always written.
/// </param>
internal sealed record MessageField(int Number, string Name, FieldCount Count, string Type, bool IsKept)
{
    public bool IsInline => Name == "-";

    public bool IsMessage => Type.Contains('.', StringComparison.Ordinal);

    /// <summary>How one value stands on the wire.</summary>
    public WireType Wire { get; } = Type switch
    {
        "int32" or "int64" or "bool" => WireType.Varint,
        "double" => WireType.Fixed64,
        _ => WireType.Delimited,
    };
}
