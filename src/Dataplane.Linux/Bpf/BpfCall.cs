using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Bpf;

/// <summary>bpf(2) from the process's own network namespace.</summary>
internal static unsafe class BpfCall
{
    /// <summary>Makes a map or a program.</summary>
    /// <exception cref="LinuxException">EPERM: CAP_BPF or CAP_SYS_ADMIN is missing, or a filter forbids it.</exception>
    public static SafeFileHandle Open<T>(int command, T attributes, string operation) where T : unmanaged =>
        new(LinuxException.Check(Try(command, &attributes), operation), ownsHandle: true);

    /// <returns>0 or more; or the error number, negative.</returns>
    public static int Try<T>(int command, T* attributes) where T : unmanaged
    {
        var result = Libc.bpf(command, attributes, (nuint)sizeof(T));
        return result >= 0 ? result : -Marshal.GetLastPInvokeError();
    }

    public static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    /// <summary>The name of a map or program, as tools show it; letters, digits, '_' and '.'.</summary>
    public static BpfAttributes.NameText Name(string name)
    {
        var text = default(BpfAttributes.NameText);
        Encoding.ASCII.GetBytes(name, ((Span<byte>)text)[..(BpfCommand.BPF_OBJ_NAME_LEN - 1)]);
        return text;
    }
}
