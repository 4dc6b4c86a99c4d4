namespace Dataplane.Linux.Bpf;

/// <summary>What a name in an instruction stands for, and where its number goes.</summary>
internal enum BpfNameKind
{
    /// <summary>The descriptor of a map, into the immediate.</summary>
    Map,

    /// <summary>The BTF id of a kernel function, into the immediate.</summary>
    Function,

    /// <summary>The BTF id of a struct, into the immediate.</summary>
    Struct,

    /// <summary>The bytes before a field of a struct, into the offset.</summary>
    Field,

    /// <summary>How far a bit field is from the lowest bit of its byte, into the immediate.</summary>
    Shift,

    /// <summary>The bits of a bit field at the lowest place, into the immediate.</summary>
    Bits,

    /// <summary>The values of enumerators ored together, into the immediate.</summary>
    Enumerators,

    /// <summary>All bits but these.</summary>
    OtherEnumerators,
}

/// <param name="Names">One, or several enumerators.</param>
internal sealed record BpfName(BpfNameKind Kind, string[] Names, BpfField Field = default);
