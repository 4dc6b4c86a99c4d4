namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>What a message is in JSON.</summary>
internal enum MessageForm
{
    Object,
    /// <summary>The value of the first of its fields that is there, as of a Quantity.</summary>
    Value,
    /// <summary>A text in whole seconds (RFC 3339).</summary>
    Time,
    /// <summary>A text in microseconds (RFC 3339).</summary>
    MicroTime,
    IntOrString,
}
