namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>How a value stands on the wire, with its number there.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Delimited = 2,
    Fixed32 = 5,
}
