using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dataplane.Linux.Bpf;

/// <summary>
/// The parts of <c>union bpf_attr</c> (linux/bpf.h) that the commands take. Addresses are 64 bits wide.
/// </summary>
internal static unsafe class BpfAttributes
{
    [StructLayout(LayoutKind.Sequential)]
    public struct CreateMap
    {
        public int Type, KeyBytes, ValueBytes, Entries, Flags, InnerMap, NumaNode;
        public NameText Name;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Element
    {
        public int Map, Padding;
        public void* Key;
        public void* Value;
        public ulong Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct LoadProgram
    {
        public int Type, Count;
        public void* Instructions;
        public void* License;
        public int LogLevel, LogBytes;
        public void* Log;
        public int KernelVersion, Flags;
        public NameText Name;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Run
    {
        public int Program, Result, BytesIn, BytesOut;
        public void* DataIn;
        public void* DataOut;
        public int Repeat, Duration, ContextBytesIn, ContextBytesOut;
        public void* ContextIn;
        public void* ContextOut;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Information
    {
        public int Descriptor, Bytes;
        public void* To;
    }

    /// <summary>The beginning of <c>struct bpf_prog_info</c>: as much as is asked for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ProgramInformation
    {
        public int Type;
        public uint Id;
        public ulong Tag;
    }

    [InlineArray(BpfCommand.BPF_OBJ_NAME_LEN)]
    public struct NameText
    {
        private byte _first;
    }
}
