namespace Dataplane.Linux.Bpf;

/// <summary>
/// <c>struct bpf_insn</c> (linux/bpf.h), with what can only be filled in later: the distance of a jump, and what the
/// running kernel has for a name.
/// </summary>
/// <param name="Text">As the listing shows it; empty for the second half of a wide instruction.</param>
internal readonly record struct BpfInstruction(
    byte Code, BpfRegister To, BpfRegister From, int Offset, int Immediate, string Text)
{
    public BpfLabel? Target { get; init; }

    public BpfName? Name { get; init; }
}
