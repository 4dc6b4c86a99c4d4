namespace Dataplane.Linux.Bpf;

/// <summary>
/// The registers of a BPF program (Documentation/bpf/standardization/instruction-set.rst). A call returns in R0, takes
/// R1 to R5 and leaves nothing in them; R6 to R9 are kept. A program begins with its context in R1.
/// </summary>
public enum BpfRegister : byte
{
    R0, R1, R2, R3, R4, R5, R6, R7, R8, R9,

    /// <summary>R10, read only: the end of 512 bytes of stack, which are below it.</summary>
    Frame,
}
