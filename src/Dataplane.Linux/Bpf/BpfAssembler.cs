using System.Globalization;
using System.Text;

namespace Dataplane.Linux.Bpf;

/// <summary>
/// Writes a BPF program, one method for each kind of instruction
/// (Documentation/bpf/standardization/instruction-set.rst). A program is text until it meets a kernel: maps, functions
/// and fields are named, and <see cref="Assemble"/> puts in the numbers that the running kernel has for them. So the
/// listing is the same everywhere, and a kernel that lacks something refuses by name.
/// </summary>
public sealed partial class BpfAssembler
{
    // linux/bpf_common.h, linux/bpf.h: class, source and operation.
    private const byte Immediate64 = 0x18, Load32 = 0x61, Store32Immediate = 0x62, Store32 = 0x63, Alu32 = 0x04,
        Alu64 = 0x07, Jump = 0x05, Jump32 = 0x06, ByRegister = 0x08, AtomicU64 = 0xdb, CallCode = 0x85, ExitCode = 0x95;
    private const byte Plus = 0x00, Minus = 0x10, AndBits = 0x50, Left = 0x60, Right = 0x70, Move = 0xb0;

    /// <summary>BPF_ADD | BPF_FETCH: the old value comes back in the register.</summary>
    private const int FetchAdd = 0x01;

    /// <summary>BPF_PSEUDO_MAP_FD and BPF_PSEUDO_KFUNC_CALL, in the place of the source register.</summary>
    private const BpfRegister PseudoMap = (BpfRegister)1, PseudoFunction = (BpfRegister)2;

    private readonly List<BpfInstruction> _instructions = [];
    private readonly Dictionary<int, List<string>> _notes = [];

    /// <summary>The number of instructions so far; loading the address of a map is two.</summary>
    public int Count => _instructions.Count;

    /// <summary>A line of its own in the listing.</summary>
    public void Note(string text) => AddNote($"      ; {text}");

    /// <exception cref="InvalidOperationException">It has a place already.</exception>
    public void Bind(BpfLabel label)
    {
        if (label.At is not null) throw new InvalidOperationException($"the label {label.Name} has two places");
        label.At = Count;
        AddNote($"{label.Name}:");
    }

    public void Set(BpfRegister to, BpfRegister from) => Alu(Alu64, Move, to, from, $"{to} = {from}");

    public void Set(BpfRegister to, int value) => Alu(Alu64, Move, to, value, $"{to} = {Text(value)}");

    public void Add(BpfRegister to, int value) => Alu(Alu64, Plus, to, value, $"{to} += {value}");

    public void Add(BpfRegister to, BpfRegister value) => Alu(Alu64, Plus, to, value, $"{to} += {value}");

    public void Subtract(BpfRegister to, BpfRegister value) => Alu(Alu64, Minus, to, value, $"{to} -= {value}");

    /// <summary>As <see cref="Subtract"/>, of the lower halves; the upper half of the result is 0.</summary>
    public void Subtract32(BpfRegister to, BpfRegister value) =>
        Alu(Alu32, Minus, to, value, $"(u32) {to} -= {value}");

    /// <summary>As <see cref="Add(BpfRegister, int)"/>, of the lower half; the upper half of the result is 0.</summary>
    public void Add32(BpfRegister to, int value) => Alu(Alu32, Plus, to, value, $"(u32) {to} += {value}");

    /// <inheritdoc cref="Add32(BpfRegister, int)"/>
    public void Add32(BpfRegister to, BpfRegister value) => Alu(Alu32, Plus, to, value, $"(u32) {to} += {value}");

    public void And(BpfRegister to, int mask) => Alu(Alu64, AndBits, to, mask, $"{to} &= {Text(mask)}");

    public void ShiftLeft(BpfRegister to, int bits) => Alu(Alu64, Left, to, bits, $"{to} <<= {bits}");

    public void ShiftRight(BpfRegister to, int bits) => Alu(Alu64, Right, to, bits, $"{to} >>= {bits}");

    /// <param name="offset">In bytes, from the address in <paramref name="at"/>.</param>
    /// <param name="what">What is there, for the listing.</param>
    public void Load(BpfSize size, BpfRegister to, BpfRegister at, int offset, string what) =>
        Add(new((byte)(Load32 | (byte)size), to, at, offset, 0, $"{to} = {size} [{at}{offset:+0;-0;+0}]  ; {what}"));

    /// <param name="at">The address of the field's struct.</param>
    public void Load(BpfSize size, BpfRegister to, BpfRegister at, BpfField field) =>
        Add(new((byte)(Load32 | (byte)size), to, at, 0, 0, $"{to} = {size} [{at} + {field}]")
        {
            Name = new BpfName(BpfNameKind.Field, [], field),
        });

    /// <summary>Loads a bit field that lies within one byte.</summary>
    public void LoadBits(BpfRegister to, BpfRegister at, BpfField field)
    {
        Load(BpfSize.U8, to, at, field);
        Add(Alu(Alu64, Right, to, $"{to} >>= shift of {field}") with { Name = new(BpfNameKind.Shift, [], field) });
        Add(Alu(Alu64, AndBits, to, $"{to} &= bits of {field}") with { Name = new(BpfNameKind.Bits, [], field) });
    }

    public void Store(BpfSize size, BpfRegister at, int offset, BpfRegister from, string what) => Add(new(
        (byte)(Store32 | (byte)size), at, from, offset, 0, $"{size} [{at}{offset:+0;-0;+0}] = {from}  ; {what}"));

    public void Store(BpfSize size, BpfRegister at, int offset, int value, string what) =>
        Add(new((byte)(Store32Immediate | (byte)size), at, 0, offset, value,
            $"{size} [{at}{offset:+0;-0;+0}] = {Text(value)}  ; {what}"));

    /// <summary>Adds to eight bytes of memory, whatever other CPUs do; the old value is in the register then.</summary>
    public void FetchAdd64(BpfRegister at, int offset, BpfRegister value, string what) =>
        Add(new(AtomicU64, at, value, offset, FetchAdd, $"{value} = fetch_add U64 [{at}{offset:+0;-0;+0}]  ; {what}"));

    public void If(BpfRegister left, BpfCompare how, int right, BpfLabel to) => JumpTo(to,
        new((byte)(Jump | (byte)how), left, 0, 0, right, $"if {left} {how} {Text(right)} goto {to.Name}"));

    public void If(BpfRegister left, BpfCompare how, BpfRegister right, BpfLabel to) => JumpTo(to,
        new((byte)(Jump | ByRegister | (byte)how), left, right, 0, 0, $"if {left} {how} {right} goto {to.Name}"));

    /// <summary>Compares the lower halves only.</summary>
    public void If32(BpfRegister left, BpfCompare how, BpfRegister right, BpfLabel to) => JumpTo(to,
        new((byte)(Jump32 | ByRegister | (byte)how), left, right, 0, 0,
            $"if (u32) {left} {how} {right} goto {to.Name}"));

    public void Goto(BpfLabel to) => JumpTo(to, new(Jump, 0, 0, 0, 0, $"goto {to.Name}"));

    public void Call(BpfHelper helper) => Add(new(CallCode, 0, 0, 0, (int)helper, $"call {helper}"));

    /// <summary>
    /// Calls a function that the kernel does not promise to keep (a kfunc, Documentation/bpf/kfuncs.rst): only from a
    /// program under a licence that is compatible with the GPL.
    /// </summary>
    public void CallKernel(string function) => Add(new(CallCode, 0, PseudoFunction, 0, 0, $"call kernel {function}")
    {
        Name = new BpfName(BpfNameKind.Function, [function]),
    });

    /// <summary>Sets a register to the address of a map; which one, <see cref="BpfProgram.Load"/> is told.</summary>
    public void SetMap(BpfRegister to, string map)
    {
        Add(new(Immediate64, to, PseudoMap, 0, 0, $"{to} = map {map}")
        {
            Name = new BpfName(BpfNameKind.Map, [map]),
        });
        Add(new(0, 0, 0, 0, 0, ""));
    }

    /// <summary>Sets a register to the BTF id of a struct, as an argument of a kernel function.</summary>
    public void SetStruct(BpfRegister to, string name) => Add(Alu(Alu64, Move, to, $"{to} = struct {name}") with
    {
        Name = new BpfName(BpfNameKind.Struct, [name]),
    });

    /// <summary>Keeps the bits of enumerators. One that the kernel does not have has no bits.</summary>
    public void AndEnumerators(BpfRegister to, params string[] names) => Add(
        Alu(Alu64, AndBits, to, $"{to} &= {string.Join('|', names)}") with
        {
            Name = new BpfName(BpfNameKind.Enumerators, names),
        });

    /// <summary>Keeps all bits but those of enumerators.</summary>
    public void AndNotEnumerators(BpfRegister to, params string[] names) => Add(
        Alu(Alu64, AndBits, to, $"{to} &= ~({string.Join('|', names)})") with
        {
            Name = new BpfName(BpfNameKind.OtherEnumerators, names),
        });

    /// <summary>Jumps if the register differs from an enumerator.</summary>
    public void IfNotEnumerator(BpfRegister left, string name, BpfLabel to) => JumpTo(to,
        new(Jump | (byte)BpfCompare.NotEqual, left, 0, 0, 0, $"if {left} NotEqual {name} goto {to.Name}")
        {
            Name = new BpfName(BpfNameKind.Enumerators, [name]),
        });

    public void Exit() => Add(new(ExitCode, 0, 0, 0, 0, "exit"));

    /// <summary>The program for people and tests: a line for each instruction, with its number.</summary>
    public string Listing()
    {
        var text = new StringBuilder();
        for (var i = 0; i <= Count; i++)
        {
            foreach (var note in _notes.GetValueOrDefault(i, [])) text.Append(note).Append('\n');
            if (i < Count && _instructions[i].Text is { Length: > 0 } line)
                text.Append(CultureInfo.InvariantCulture, $"{i,4}  {line}\n");
        }
        return text.ToString();
    }

    private static BpfInstruction Alu(byte width, byte operation, BpfRegister to, string text) =>
        new((byte)(width | operation), to, 0, 0, 0, text);

    private void Alu(byte width, byte operation, BpfRegister to, int value, string text) =>
        Add(Alu(width, operation, to, text) with { Immediate = value });

    private void Alu(byte width, byte operation, BpfRegister to, BpfRegister from, string text) =>
        Add(new((byte)(width | ByRegister | operation), to, from, 0, 0, text));

    private void JumpTo(BpfLabel label, BpfInstruction jump)
    {
        if (label.At is not null) throw new InvalidOperationException($"a jump back to {label.Name}");
        Add(jump with { Target = label });
    }

    private void Add(BpfInstruction instruction) => _instructions.Add(instruction);

    private void AddNote(string text)
    {
        if (!_notes.TryGetValue(Count, out var notes)) _notes[Count] = notes = [];
        notes.Add(text);
    }

    private static string Text(int value) =>
        value is > -10 and < 10 ? value.ToString(CultureInfo.InvariantCulture) : $"0x{value:x}";
}
