using Dataplane.Linux.Bpf;
using static Dataplane.Linux.Bpf.BpfRegister;

namespace Dataplane.Linux.Tests.Bpf;

public sealed class BpfAssemblerTests
{
    /// <summary>Against Documentation/bpf/standardization/instruction-set.rst, one instruction a line.</summary>
    [Fact]
    public void Each_instruction_has_its_bytes()
    {
        var a = new BpfAssembler();
        var end = new BpfLabel("end");
        a.Set(R6, R1);
        a.Set(R0, -1);
        a.Load(BpfSize.U16, R1, R7, 12, "ether.type");
        a.Load(BpfSize.U32, R2, R9, new BpfField("outer", "mark"));
        a.LoadBits(R3, R9, new BpfField("outer", "flag"));
        a.Store(BpfSize.U64, Frame, -16, 7, "seven");
        a.Store(BpfSize.U8, Frame, -8, R3, "byte");
        a.Subtract32(R1, R2);
        a.ShiftLeft(R1, 3);
        a.If(R1, BpfCompare.AtLeast, 0x100, end);
        a.If(R1, BpfCompare.NotEqual, R2, end);
        a.FetchAdd64(R0, 8, R1, "count");
        a.AndNotEnumerators(R1, "RED", "MISSING");
        a.SetMap(R1, "counts");
        a.Call(BpfHelper.MapLookup);
        a.CallKernel("reader");
        a.SetStruct(R2, "outer");
        a.Goto(end);
        a.Bind(end);
        a.Exit();
        var code = a.Assemble(KernelTypes.Parse(HandMadeTypes.Bytes()));
        Golden.Equal("""
            bf16 0000 00000000      // r6 = r1
            b700 0000 ffffffff      // r0 = -1
            6971 0c00 00000000      // r1 = *(u16 *)(r7 + 12)
            6192 0800 00000000      // r2 = *(u32 *)(r9 + outer.mark)
            7193 0500 00000000      // r3 = *(u8 *)(r9 + outer.flag)
            7703 0000 02000000      // r3 >>= 2
            5703 0000 07000000      // r3 &= 7
            7a0a f0ff 07000000      // *(u64 *)(r10 - 16) = 7
            733a f8ff 00000000      // *(u8 *)(r10 - 8) = r3
            1c21 0000 00000000      // w1 -= w2
            6701 0000 03000000      // r1 <<= 3
            3501 0900 00010000      // if r1 >= 256 goto +9
            5d21 0800 00000000      // if r1 != r2 goto +8
            db10 0800 01000000      // r1 = atomic_fetch_add((u64 *)(r0 + 8), r1)
            5701 0000 fbffffff      // r1 &= ~4
            1811 0000 00000000      // r1 = map[fd], filled in when it is loaded
            0000 0000 00000000
            8500 0000 01000000      // call 1
            8520 0000 04000000      // call kernel function 4
            b702 0000 03000000      // r2 = 3
            0500 0000 00000000      // goto +0
            9500 0000 00000000      // exit
            """, code.Instructions);
        Assert.Equal((15, "counts"), (code.Maps.Keys.Single(), code.Maps.Values.Single()));
    }

    [Fact]
    public void A_listing_has_names_and_no_numbers_of_a_kernel()
    {
        var a = new BpfAssembler();
        var end = new BpfLabel("end");
        a.Note("a remark");
        a.Load(BpfSize.U32, R2, R9, new BpfField("outer", "mark"));
        a.SetMap(R1, "counts");
        a.If(R2, BpfCompare.Equal, 0, end);
        a.Bind(end);
        a.Exit();
        Assert.Equal("""
                  ; a remark
               0  R2 = U32 [R9 + outer.mark]
               1  R1 = map counts
               3  if R2 Equal 0 goto end
            end:
               4  exit

            """.ReplaceLineEndings("\n"), a.Listing());
    }

    [Fact]
    public void Jumps_go_forward_to_one_place()
    {
        var (a, label) = (new BpfAssembler(), new BpfLabel("here"));
        a.Bind(label);
        Assert.Throws<InvalidOperationException>(() => a.Goto(label));
        Assert.Throws<InvalidOperationException>(() => a.Bind(label));
        a.Goto(new BpfLabel("nowhere"));
        Assert.Throws<InvalidOperationException>(() => a.Assemble(KernelTypes.Parse(HandMadeTypes.Bytes())));
    }

    [Fact]
    public void What_the_kernel_lacks_is_named()
    {
        var types = KernelTypes.Parse(HandMadeTypes.Bytes());
        Assert.Equal("this kernel has no gone()",
            Assert.Throws<KernelLacksException>(() => types.FunctionId("gone")).Message);
        Assert.Equal("this kernel has no struct inner",
            Assert.Throws<KernelLacksException>(() => types.StructId("inner")).Message);
        Assert.Equal("this kernel has no field outer.gone",
            Assert.Throws<KernelLacksException>(() => types.Field(new BpfField("outer", "gone"))).Message);
        Assert.Null(types.Enumerator("MISSING"));
        Assert.Throws<KernelLacksException>(() => KernelTypes.Parse([1, 2, 3]));
        Assert.Throws<KernelLacksException>(() => KernelTypes.Parse(HandMadeTypes.Bytes()[..60]));
    }
}
