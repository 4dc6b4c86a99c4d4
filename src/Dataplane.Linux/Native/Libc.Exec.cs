using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

internal static unsafe partial class Libc
{
    // signal.h
    public const int SIGPIPE = 13, SIG_SETMASK = 2;

    [LibraryImport(Library, SetLastError = true)]
    public static partial int umount2(byte* target, int flags);

    /// <param name="handler">SIG_DFL is 0.</param>
    [LibraryImport(Library, SetLastError = true)]
    public static partial nint signal(int number, nint handler);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int sigprocmask(int how, byte* set, byte* old);

    /// <summary>Returns only when it fails.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int execvp(byte* file, byte** arguments);

    [LibraryImport(Library)]
    public static partial void _exit(int status);
}
