using System.Buffers.Binary;

namespace Dataplane.Linux.Bpf;

/// <content>From text to instructions for the running kernel.</content>
public sealed partial class BpfAssembler
{
    /// <summary><c>sizeof(struct bpf_insn)</c>, linux/bpf.h.</summary>
    public const int InstructionBytes = 8;

    /// <param name="types">The types of the kernel that will run it.</param>
    /// <exception cref="KernelLacksException">The kernel does not have something that is named.</exception>
    /// <exception cref="InvalidOperationException">A jump to a label without a place, or too far.</exception>
    public BpfCode Assemble(KernelTypes types)
    {
        var (bytes, maps) = (new byte[Count * InstructionBytes], new Dictionary<int, string>());
        for (var i = 0; i < Count; i++)
        {
            var instruction = Resolve(_instructions[i], i, types);
            if (instruction.Name is { Kind: BpfNameKind.Map } map) maps[i] = map.Names[0];
            var at = bytes.AsSpan(i * InstructionBytes);
            at[0] = instruction.Code;
            at[1] = (byte)((byte)instruction.To | (byte)instruction.From << 4);
            BinaryPrimitives.WriteInt16LittleEndian(at[2..], checked((short)instruction.Offset));
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], instruction.Immediate);
        }
        return new BpfCode(bytes, maps);
    }

    private static BpfInstruction Resolve(BpfInstruction instruction, int at, KernelTypes types)
    {
        if (instruction.Target is { } label)
        {
            var place = label.At
                ?? throw new InvalidOperationException($"a jump to {label.Name}, which has no place");
            instruction = instruction with { Offset = place - at - 1 };
        }
        return instruction.Name switch
        {
            null or { Kind: BpfNameKind.Map } => instruction,
            { Kind: BpfNameKind.Function } name => instruction with { Immediate = types.FunctionId(name.Names[0]) },
            { Kind: BpfNameKind.Struct } name => instruction with { Immediate = types.StructId(name.Names[0]) },
            { Kind: BpfNameKind.Field } name => instruction with { Offset = types.Field(name.Field).Offset },
            { Kind: BpfNameKind.Shift } name => instruction with { Immediate = types.Field(name.Field).Shift },
            { Kind: BpfNameKind.Bits } name =>
                instruction with { Immediate = (1 << types.Field(name.Field).Bits) - 1 },
            { Kind: BpfNameKind.Enumerators } name => instruction with { Immediate = Sum(name) },
            { } name => instruction with { Immediate = ~Sum(name) },
        };

        int Sum(BpfName name) => name.Names.Aggregate(0, (sum, one) => sum | (types.Enumerator(one) ?? 0));
    }
}
