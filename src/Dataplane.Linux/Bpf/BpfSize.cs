namespace Dataplane.Linux.Bpf;

/// <summary>The size of a load or store: BPF_W, BPF_H, BPF_B, BPF_DW (linux/bpf_common.h, linux/bpf.h).</summary>
public enum BpfSize : byte
{
    U32 = 0x00,
    U16 = 0x08,
    U8 = 0x10,
    U64 = 0x18,
}
