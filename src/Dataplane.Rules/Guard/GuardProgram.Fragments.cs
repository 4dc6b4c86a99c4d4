using Dataplane.Linux.Bpf;
using static Dataplane.Linux.Bpf.BpfCompare;
using static Dataplane.Linux.Bpf.BpfRegister;
using static Dataplane.Linux.Bpf.BpfSize;

namespace Dataplane.Rules.Guard;

/// <content>
/// Fragments. The kernel computes no checksum and cuts no segments across them; and all pods share the memory in which
/// it collects them (net/ipv4/inet_fragment.c).
/// </content>
public sealed partial class GuardProgram
{
    /// <summary>
    /// Fragments that a port may send in a window of a second, both families together: about 24 Mbit/s in pieces of
    /// 1,500 bytes, such as 340 datagrams of 8 KiB a second. See <see cref="ReassemblyBytes"/> for the upper bound.
    /// </summary>
    public const int FragmentsPerWindow = 2048;

    /// <summary>
    /// The memory of the kernel for unfinished datagrams, of each family. A fragment costs 2.3 KiB, or, with its
    /// payload in a page of its own, up to 5 KiB. It waits for a second, and a second can contain the end of one window
    /// and the beginning of the next. So a port can fill 2 * 2,048 * 5 KiB = 20 MiB, and the memory is enough for six
    /// pods that do their worst. It is used only while they do.
    /// </summary>
    public const int ReassemblyBytes = 128 << 20;

    /// <summary>
    /// Ports whose windows are kept: eight times as many as a bridge can have (BR_MAX_PORTS), since a kernel with many
    /// CPUs sets some of the elements aside for each (kernel/bpf/bpf_lru_list.c).
    /// </summary>
    public const int MostPorts = 8192;

    /// <summary>The key of a window: an interface index. Its value: when it began, and the fragments since.</summary>
    public const int WindowKey = 4, WindowValue = 16;

    private const int Began = 0, Sent = 8, Second = 1_000_000_000;

    /// <summary>On the stack.</summary>
    private const int Key = -8, Window = -32;

    private void CountFragment()
    {
        BpfLabel goesOn = new("window_goes_on"), first = new("first_window");
        _to.Bind(_fragment);
        _to.LoadBits(R1, R9, Summed);
        _to.If(R1, Equal, ToBeSummed, _forgedChecksum);
        _to.Load(U32, R1, R6, SkBuffer.SegmentBytes, "gso_size");
        _to.If(R1, NotEqual, 0, _forgedSegments);
        _to.Call(BpfHelper.KtimeGetCoarse);
        _to.Set(R8, R0);
        _to.Load(U32, R1, R6, SkBuffer.Interface, "ifindex");
        _to.Store(U32, Frame, Key, R1, "key");
        _to.SetMap(R1, Windows);
        _to.Set(R2, Frame);
        _to.Add(R2, Key);
        _to.Call(BpfHelper.MapLookup);
        _to.If(R0, Equal, 0, first);
        _to.Load(U64, R1, R0, Began, "began");
        _to.Set(R2, R8);
        _to.Subtract(R2, R1);
        _to.If(R2, Below, Second, goesOn);
        _to.Store(U64, R0, Began, R8, "began");
        _to.Store(U64, R0, Sent, 1, "sent");
        _to.Goto(_good);
        _to.Bind(goesOn);
        _to.Set(R1, 1);
        _to.FetchAdd64(R0, Sent, R1, "sent");
        _to.If(R1, AtLeast, FragmentsPerWindow, _flood);
        _to.Goto(_good);
        _to.Bind(first);
        _to.Store(U64, Frame, Window + Began, R8, "began");
        _to.Store(U64, Frame, Window + Sent, 1, "sent");
        _to.SetMap(R1, Windows);
        _to.Set(R2, Frame);
        _to.Add(R2, Key);
        _to.Set(R3, Frame);
        _to.Add(R3, Window);
        _to.Set(R4, 0);
        _to.Call(BpfHelper.MapUpdate);
    }
}
