namespace Dataplane.Linux.Capture;

/// <summary>The instructions of classic BPF (linux/bpf_common.h) that a program from outside may have.</summary>
internal static class FilterCode
{
    /// <summary>Cells of scratch memory: BPF_MEMWORDS.</summary>
    public const int Cells = 16;

    // BPF_LD and BPF_LDX: size | mode
    public const ushort LoadWord = 0x20, LoadHalf = 0x28, LoadByte = 0x30;
    public const ushort LoadWordAt = 0x40, LoadHalfAt = 0x48, LoadByteAt = 0x50;
    public const ushort LoadConstant = 0x00, LoadCell = 0x60, LoadLength = 0x80;
    public const ushort IndexConstant = 0x01, IndexCell = 0x61, IndexLength = 0x81, IndexHeaderLength = 0xb1;
    public const ushort StoreCell = 0x02, StoreIndex = 0x03;

    // BPF_ALU: operation | source
    public const ushort Alu = 0x04, Negate = 0x84, Divide = 0x34, Modulo = 0x94, ShiftLeft = 0x64, ShiftRight = 0x74;

    // BPF_JMP
    public const ushort Jump = 0x05, JumpEqual = 0x15, JumpGreater = 0x25, JumpNotLess = 0x35, JumpSet = 0x45;

    public const ushort Return = 0x06, ReturnAccumulator = 0x16, ToIndex = 0x07, FromIndex = 0x87;

    /// <summary>BPF_X: the operand is the index register.</summary>
    public const ushort Index = 0x08;

    public static bool IsAlu(ushort code) =>
        (code & 0xff07) == Alu && (code & 0xf0) <= 0xa0 && code is not (Negate | Index);

    public static bool IsConditionalJump(ushort code) =>
        (code & ~Index) is JumpEqual or JumpGreater or JumpNotLess or JumpSet;
}
