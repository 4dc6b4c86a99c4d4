namespace Dataplane.Linux.Bpf;

/// <summary>
/// A field of one of the kernel's own structs, by name: where it lies is read from the running kernel
/// (<see cref="KernelTypes"/>).
/// </summary>
/// <param name="Struct">Such as <c>sk_buff</c>.</param>
/// <param name="Name">Such as <c>csum_start</c>; also a member of an anonymous struct or union inside, and, behind a
/// dot, of a named one: <c>proto.tcp.state</c>.</param>
public readonly record struct BpfField(string Struct, string Name)
{
    public override string ToString() => $"{Struct}.{Name}";
}
