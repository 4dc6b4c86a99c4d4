using System.Runtime.InteropServices;

namespace Dataplane.Linux.Native;

/// <content>Processes, and what they are told and heard by.</content>
internal static unsafe partial class Libc
{
    /// <summary>System calls that are newer than asm/unistd.h of some machines; the numbers are the same
    /// everywhere.</summary>
    private static readonly nint PidfdSendSignalNumber = 424, PidfdOpenNumber = 434;

    // sys/wait.h, spawn.h, sys/mman.h, fcntl.h
    public const int WNOHANG = 1, SIGTERM = 15, SIGKILL = 9;
    public const short POSIX_SPAWN_SETSIGDEF = 4, POSIX_SPAWN_SETSIGMASK = 8;
    public const uint MFD_CLOEXEC = 1;
    public const int F_SETFD = 2, F_SETFL = 4, F_SETPIPE_SZ = 1031, FD_CLOEXEC = 1, O_RDWR = 2;

    // linux/prctl.h
    public const int PR_SET_CHILD_SUBREAPER = 36;

    // asm-generic/ioctls.h, fcntl.h
    public const nuint TIOCSCTTY = 0x540E, TIOCSWINSZ = 0x5414, TIOCSPTLCK = 0x40045431, TIOCGPTPEER = 0x5441;
    public const int O_NOCTTY = 0x100;

    [LibraryImport(Library, SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);

    /// <param name="pid">Below 0: the process group of this number.</param>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int pipe2(int* ends, int flags);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkfifo(string path, uint mode);

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int memfd_create(string name, uint flags);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int dup2(int from, int to);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int fchown(int fd, uint owner, uint group);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, void* argument);

    /// <returns>An error number, as are those of the next ones; 0: done.</returns>
    /// <param name="actions">Initialised by <see cref="posix_spawn_file_actions_init"/>.</param>
    [LibraryImport(Library)]
    public static partial int posix_spawn(
        int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, byte* set);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigmask(void* attributes, byte* set);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Library)]
    public static partial int sigfillset(byte* set);

    /// <summary>pidfd_send_signal(2), which the C library has under this name since 2.36 only.</summary>
    public static int pidfd_send_signal(int pidfd, int signal) =>
        (int)syscall(PidfdSendSignalNumber, pidfd, signal, null, 0);

    [LibraryImport(Library, SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, void* third, nuint fourth);

    /// <summary>pidfd_open(2), likewise.</summary>
    public static int pidfd_open(int pid, uint flags) => (int)syscall(PidfdOpenNumber, pid, (void*)flags, 0);
}
