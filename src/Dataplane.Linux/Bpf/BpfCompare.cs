namespace Dataplane.Linux.Bpf;

/// <summary>
/// The condition of a jump, unsigned where it says nothing else: BPF_JEQ and so on (linux/bpf_common.h, linux/bpf.h).
/// </summary>
public enum BpfCompare : byte
{
    Equal = 0x10,
    Above = 0x20,
    AtLeast = 0x30,

    /// <summary>At least one bit is set in both.</summary>
    AnySet = 0x40,
    NotEqual = 0x50,
    Below = 0xa0,
    AtMost = 0xb0,

    /// <summary>Of signed numbers.</summary>
    Less = 0xc0,
}
