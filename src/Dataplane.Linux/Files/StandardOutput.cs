using Dataplane.Linux.Native;

namespace Dataplane.Linux.Files;

/// <summary>
/// Standard output by system calls. (With Console the runtime starts a thread for signals; a FileStream writes into a
/// file without moving the place where the next program writes.)
/// </summary>
public static unsafe class StandardOutput
{
    /// <exception cref="LinuxException">EPIPE: nobody reads. ENOSPC: there is no room.</exception>
    public static void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            fixed (byte* next = bytes)
                bytes = bytes[LinuxException.Check((int)Libc.write(1, next, (nuint)bytes.Length), "write")..];
        }
    }
}
