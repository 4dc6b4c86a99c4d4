namespace Dataplane.Linux.Native;

/// <summary>
/// Marks a class whose integer constants carry the names and values of C macros or enumerators, or a struct that is
/// laid out as a C struct of the same field names. A test compiles a C program that prints the headers' values and
/// compares.
/// </summary>
/// <param name="headers">As in <c>#include</c>, separated by spaces.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class KernelHeaderAttribute(string headers) : Attribute
{
    public string Headers { get; } = headers;
}
