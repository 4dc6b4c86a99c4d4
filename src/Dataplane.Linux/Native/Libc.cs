using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Native;

/// <summary>
/// The libc calls of code that may run inside a foreign network namespace, and those of the hot paths, under libc's own
/// names. Their stubs are compiled with the assembly. The other calls are <see cref="HomeLibc"/>. A test compares
/// structs and constants with the C headers.
/// </summary>
[KernelHeader("sys/socket.h sys/mount.h sys/stat.h sys/prctl.h linux/netlink.h linux/capability.h fcntl.h poll.h "
    + "sched.h signal.h spawn.h sys/wait.h sys/mman.h")]
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    [LibraryImport(Library, SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int connect(SafeFileHandle fd, void* address, uint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setsockopt(SafeFileHandle fd, int level, int name, void* value, uint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint send(SafeFileHandle fd, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint recv(SafeFileHandle fd, byte* buffer, nuint length, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int poll(pollfd* fds, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int open(byte* path, int flags, uint mode);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint read(int fd, byte* buffer, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial nint write(int fd, byte* buffer, nuint length);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setns(int fd, int nstype);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int unshare(int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mount(string source, string target, string fstype, nuint flags, void* data);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int mount(byte* source, byte* target, byte* fstype, nuint flags, void* data);
}
