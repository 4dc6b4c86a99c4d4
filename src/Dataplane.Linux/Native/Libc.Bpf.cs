using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

internal static unsafe partial class Libc
{
    /// <summary>The number of bpf(2), for which libc has no function (asm/unistd.h).</summary>
    private static readonly nint BpfNumber = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        // asm-generic/unistd.h, of arm64 and all later architectures.
        _ => 280,
    };

    /// <summary>bpf(2).</summary>
    /// <param name="attributes">A part of <c>union bpf_attr</c>; what lies behind it counts as 0.</param>
    /// <returns>As the command; below 0: a failure.</returns>
    public static int bpf(int command, void* attributes, nuint size) =>
        (int)syscall(BpfNumber, command, attributes, size);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint command, void* attributes, nuint size);
}
