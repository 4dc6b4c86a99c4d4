using System.Buffers.Binary;
using System.Text;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Bpf;

/// <summary>
/// A program for frames (BPF_PROG_TYPE_SCHED_CLS) that the kernel has verified and compiled. It lives as long as a
/// descriptor or a port refers to it.
/// </summary>
public sealed unsafe class BpfProgram : IDisposable
{
    private const int LogBytes = 1 << 20, LastLines = 4;

    /// <summary>The bytes of <c>struct __sk_buff</c> before and behind its mark; see <see cref="SkBuffer"/>.</summary>
    private const int ContextBytes = 192;

    private BpfProgram(SafeFileHandle handle)
    {
        Handle = handle;
        var information = default(BpfAttributes.ProgramInformation);
        var ask = new BpfAttributes.Information
        {
            Descriptor = BpfCall.Number(handle), Bytes = sizeof(BpfAttributes.ProgramInformation), To = &information,
        };
        var result = BpfCall.Try(BpfCommand.BPF_OBJ_GET_INFO_BY_FD, &ask);
        if (result < 0) throw new LinuxException("ask what a BPF program is", -result);
        (Tag, Id) = (information.Tag, information.Id);
    }

    public SafeFileHandle Handle { get; }

    /// <summary>
    /// A checksum of its instructions, without the descriptors of maps: equal programs of two processes have the same
    /// (bpf_prog_calc_tag, kernel/bpf/core.c).
    /// </summary>
    public ulong Tag { get; }

    /// <summary>Its number in the kernel.</summary>
    public uint Id { get; }

    /// <param name="name">As tools show it; at most 15 letters, digits and '_'.</param>
    /// <param name="maps">Those that the program names.</param>
    /// <exception cref="LinuxException">
    /// The kernel refused. EACCES, EINVAL: the verifier; the message ends with what it said last. EPERM: CAP_BPF and
    /// CAP_NET_ADMIN, or CAP_SYS_ADMIN, are missing.
    /// </exception>
    public static BpfProgram Load(string name, BpfCode program, params IReadOnlyList<BpfMap> maps)
    {
        var instructions = program.Instructions.ToArray();
        foreach (var (at, map) in program.Maps)
        {
            BinaryPrimitives.WriteInt32LittleEndian(instructions.AsSpan(at * BpfAssembler.InstructionBytes + 4),
                BpfCall.Number(maps.First(m => m.Name == map).Handle));
        }
        fixed (byte* code = instructions, license = "GPL\0"u8)
        {
            var attributes = new BpfAttributes.LoadProgram
            {
                Type = BpfCommand.BPF_PROG_TYPE_SCHED_CLS,
                Count = instructions.Length / BpfAssembler.InstructionBytes,
                Instructions = code,
                License = license,
                Name = BpfCall.Name(name),
            };
            var result = BpfCall.Try(BpfCommand.BPF_PROG_LOAD, &attributes);
            if (result >= 0) return new BpfProgram(new SafeFileHandle(result, ownsHandle: true));
            throw new LinuxException($"load the BPF program {name}", -result,
                result == -Errno.EPERM ? null : Why(attributes));
        }
    }

    /// <summary>
    /// Runs it once on a frame of the process's own, which goes nowhere (BPF_PROG_TEST_RUN).
    /// </summary>
    /// <param name="frame">From its Ethernet header on; at least that header.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public BpfRun Run(ReadOnlySpan<byte> frame)
    {
        var context = stackalloc byte[ContextBytes];
        fixed (byte* data = frame)
        {
            var run = new BpfAttributes.Run
            {
                Program = BpfCall.Number(Handle), DataIn = data, BytesIn = frame.Length,
                ContextOut = context, ContextBytesOut = ContextBytes,
            };
            var result = BpfCall.Try(BpfCommand.BPF_PROG_TEST_RUN, &run);
            if (result < 0) throw new LinuxException("run a BPF program", -result);
            return new BpfRun(run.Result, *(uint*)(context + SkBuffer.Mark));
        }
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>
    /// The last lines of the verifier's log. The kernel writes one only if it is asked to, so the program is loaded
    /// once more.
    /// </summary>
    private static string? Why(BpfAttributes.LoadProgram attributes)
    {
        var log = new byte[LogBytes];
        fixed (byte* to = log)
        {
            (attributes.LogLevel, attributes.LogBytes) = (1, LogBytes);
            attributes.Log = to;
            var again = BpfCall.Try(BpfCommand.BPF_PROG_LOAD, &attributes);
            if (again >= 0) new SafeFileHandle(again, ownsHandle: true).Dispose();
        }
        // The buffer is not cleared behind the first zero.
        var end = Array.IndexOf(log, (byte)0);
        var lines = Encoding.ASCII.GetString(log, 0, Math.Max(end, 0))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? null : string.Join("; ", lines.TakeLast(LastLines));
    }
}
