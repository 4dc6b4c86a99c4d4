using System.Runtime.InteropServices;
using Dataplane.Cli.Terminal;
using Dataplane.Api;
using Dataplane.Linux.Capture;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace Dataplane.Cli.Capture;

/// <summary>
/// Compiles an expression of pcap-filter(7) with libpcap, in this process and with the user's privileges. libpcap
/// resolves host names in the expression, which a privileged daemon must not do for a client.
/// </summary>
internal static class PcapFilter
{
    /// <summary>PCAP_NETMASK_UNKNOWN: <c>ip broadcast</c> is then refused instead of matching something else.</summary>
    private const uint NoNetmask = 0xffffffff;

    // struct bpf_program { u_int bf_len; struct bpf_insn *bf_insns; }, and struct bpf_insn: pcap/bpf.h
    private static readonly int InstructionsOffset = nint.Size;
    private const int InstructionSize = 8;

    /// <summary>The program for Ethernet frames.</summary>
    /// <exception cref="CommandFailure">No libpcap, a wrong expression, or one whose program is too long or reads more
    /// than the frame.</exception>
    public static IReadOnlyList<FilterInstruction> Compile(string expression)
    {
        PcapLibrary.Require("--filter");
        try
        {
            using var program = BpfProgram.Create(LinkLayers.Ethernet, expression, netmask: NoNetmask);
            var instructions = Read(program.DangerousGetHandle());
            // The daemon would refuse the program too, but only after the request.
            var checking = instructions.Select(i => new SockFilter(i.Code, i.Jt, i.Jf, i.K));
            return FilterProgram.TryCreate([.. checking], out var error) is not null
                ? instructions
                : throw Wrong(expression, $"its program cannot run in the kernel beside ours: {error}");
        }
        catch (PcapException e)
        {
            throw Wrong(expression, PcapLibrary.Words(e));
        }
    }

    private static FilterInstruction[] Read(nint program)
    {
        var length = Marshal.ReadInt32(program);
        var bytes = new byte[length * InstructionSize];
        Marshal.Copy(Marshal.ReadIntPtr(program + InstructionsOffset), bytes, 0, bytes.Length);
        return [.. Enumerable.Range(0, length).Select(i => Instruction(bytes.AsSpan(i * InstructionSize)))];
    }

    private static CommandFailure Wrong(string expression, string why) => new(
        ExitCodes.Usage, $"--filter \"{(expression.Length <= 100 ? expression : expression[..100] + "...")}\": {why}");

    private static FilterInstruction Instruction(ReadOnlySpan<byte> bytes) =>
        new(MemoryMarshal.Read<ushort>(bytes), bytes[2], bytes[3], MemoryMarshal.Read<uint>(bytes[4..]));
}
