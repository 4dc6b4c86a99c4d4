using System.Net;
using Dataplane.Integration.Attacks;
using Dataplane.Linux.Bpf;
using Dataplane.Linux.Native;
using Dataplane.Node.Layout;
using Dataplane.Rules.Guard;
using Dataplane.Rules.Shape;
using static Dataplane.Linux.Bpf.BpfRegister;

namespace Dataplane.Integration.Linux;

/// <summary>Maps and programs in the kernel, and the guard run on single frames (BPF_PROG_TEST_RUN).</summary>
public sealed class BpfTests
{
    private const int E2BIG = 7; // asm-generic/errno-base.h
    private static readonly IPAddress From = IPAddress.Parse("10.244.0.2"), To = IPAddress.Parse("10.244.0.3");

    [Theory]
    [InlineData(BpfMapKind.Hash)]
    [InlineData(BpfMapKind.LruHash)]
    public void A_hash_has_what_was_written(BpfMapKind kind)
    {
        using var map = BpfMap.Create(kind, "test", 4, 8, 2);
        var value = new byte[8];
        Assert.False(map.TryRead([1, 0, 0, 0], value));
        map.Write([1, 0, 0, 0], [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.True(map.TryRead([1, 0, 0, 0], value));
        Assert.Equal(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }, value);
        Assert.True(map.Delete([1, 0, 0, 0]));
        Assert.False(map.Delete([1, 0, 0, 0]));
        Assert.Throws<ArgumentException>(() => map.Write([1], value));
    }

    [Fact]
    public void An_array_has_all_its_elements()
    {
        using var map = BpfMap.Create(BpfMapKind.Array, "test", 4, 4, 2);
        var value = new byte[] { 9, 9, 9, 9 };
        Assert.True(map.TryRead([1, 0, 0, 0], value));
        Assert.Equal(new byte[4], value);
        Assert.Equal(E2BIG, Assert.Throws<LinuxException>(() => map.Write([2, 0, 0, 0], value)).ErrorNumber);
    }

    [Fact]
    public void A_refusal_says_what_the_verifier_said()
    {
        var program = new BpfAssembler();
        program.Set(R0, R5);
        program.Exit();
        var refused = Assert.Throws<LinuxException>(
            () => BpfProgram.Load("test", program.Assemble(KernelTypes.Read())));
        Assert.Contains("R5 !read_ok", refused.KernelMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void The_guard_judges_single_frames()
    {
        using var windows = Windows();
        using var guard = Load(windows);
        var udp = Craft.Ip4(From, To, Craft.Udp, Craft.UdpTo(From, To, 1, 2, [1, 2, 3, 4]));
        Assert.Equal(new BpfRun(GuardProgram.Next, MarkBits.Guarded), guard.Run(Frame(udp)));
        // An IP header of four bytes less than the least.
        udp[0] = 0x44;
        Assert.Equal(Refused(DropReason.UnreadableHeader), guard.Run(Frame(udp)));
    }

    [Fact]
    public void The_guard_counts_fragments()
    {
        using var windows = Windows();
        using var guard = Load(windows);
        var piece = Frame(Craft.Ip4(From, To, Craft.Udp, new byte[64], fragment: Craft.MoreFragments));
        for (var i = 0; i < GuardProgram.FragmentsPerWindow; i++)
            Assert.Equal(MarkBits.Guarded, guard.Run(piece).Mark);
        // A test run has the index of the loopback. Unless a second has passed meanwhile, the window is full.
        var value = new byte[GuardProgram.WindowValue];
        Assert.True(windows.TryRead(BitConverter.GetBytes(1), value));
        if (BitConverter.ToUInt64(value, 8) == GuardProgram.FragmentsPerWindow)
            Assert.Equal(Refused(DropReason.TooManyFragments), guard.Run(piece));
        // As if the window had begun long ago.
        windows.Write(BitConverter.GetBytes(1), [.. BitConverter.GetBytes(1UL), .. BitConverter.GetBytes(99_999UL)]);
        Assert.Equal(MarkBits.Guarded, guard.Run(piece).Mark);
        Assert.True(windows.TryRead(BitConverter.GetBytes(1), value));
        Assert.Equal(1UL, BitConverter.ToUInt64(value, 8));
    }

    private static BpfRun Refused(string reason) =>
        new(GuardProgram.Next, (uint)GuardRefusal.All.Single(r => r.Reason == reason).Mark);

    private static BpfMap Windows() => BpfMap.Create(BpfMapKind.LruHash, GuardProgram.Windows,
        GuardProgram.WindowKey, GuardProgram.WindowValue, GuardProgram.MostPorts);

    private static BpfProgram Load(BpfMap windows) => BpfProgram.Load(
        GuardProgram.Name, GuardProgram.Write(isShared: false).Assemble(KernelTypes.Read()), windows);

    private static byte[] Frame(byte[] packet) =>
        Craft.Frame(NodeLayout.GatewayMac, NodeLayout.SinkMac, 0x0800, packet);
}
