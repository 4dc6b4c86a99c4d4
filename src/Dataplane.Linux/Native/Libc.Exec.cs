using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

internal static unsafe partial class Libc
{
    // signal.h
    public const int SIGPIPE = 13, SIG_SETMASK = 2;

    // linux/prctl.h
    public const int PR_CAPBSET_DROP = 24, PR_SET_NO_NEW_PRIVS = 38, PR_CAP_AMBIENT = 47, PR_CAP_AMBIENT_CLEAR_ALL = 4;

    // linux/capability.h
    public const uint _LINUX_CAPABILITY_VERSION_3 = 0x20080522;

    /// <summary><c>struct __user_cap_header_struct</c>, linux/capability.h.</summary>
    [KernelHeader("linux/capability.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct __user_cap_header_struct
    {
        public uint version;

        /// <summary>0: the calling thread.</summary>
        public int pid;
    }

    /// <summary><c>struct __user_cap_data_struct</c>: half of the sets, low half first.</summary>
    [KernelHeader("linux/capability.h")]
    [StructLayout(LayoutKind.Sequential)]
    public struct __user_cap_data_struct
    {
        public uint effective;
        public uint permitted;
        public uint inheritable;
    }

    [LibraryImport(Library, SetLastError = true)]
    public static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int capget(__user_cap_header_struct* header, __user_cap_data_struct* data);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int capset(__user_cap_header_struct* header, __user_cap_data_struct* data);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int umount2(byte* target, int flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setsid();

    /// <summary>Of all threads, as are the next two: the C library tells them (nptl(7)).</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int setgroups(nuint count, uint* groups);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int setresuid(uint real, uint effective, uint saved);

    /// <param name="handler">SIG_DFL is 0.</param>
    [LibraryImport(Library, SetLastError = true)]
    public static partial nint signal(int number, nint handler);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sigprocmask(int how, byte* set, byte* old);

    /// <summary>Returns only when it fails.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int execvp(byte* file, byte** arguments);

    /// <summary>As <see cref="execvp"/>, with an environment of its own; the file is a path.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int execve(byte* file, byte** arguments, byte** environment);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sethostname(byte* name, nuint length);

    /// <returns>The one before; it does not fail.</returns>
    [LibraryImport(Library)]
    public static partial uint umask(uint mask);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int chdir(byte* path);

    [LibraryImport(Library)]
    public static partial void _exit(int status);
}
