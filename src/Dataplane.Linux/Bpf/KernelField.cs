namespace Dataplane.Linux.Bpf;

/// <summary>Where a field lies in a struct of the running kernel.</summary>
/// <param name="Offset">Bytes from the beginning of the struct.</param>
/// <param name="Shift">Bits from the lowest bit of that byte; 0 but for a bit field.</param>
/// <param name="Bits">The width of a bit field; 0: it is none.</param>
public readonly record struct KernelField(int Offset, int Shift, int Bits);
