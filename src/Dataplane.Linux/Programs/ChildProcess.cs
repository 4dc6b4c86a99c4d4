using System.Collections;
using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Programs;

/// <summary>
/// Starts children, and takes their ends. That of .NET keeps to itself how its children ended, and knows no others:
/// here all come back, also those that lost their parent and came to this process (<see cref="AdoptOrphans"/>). So it
/// is one or the other in a process; <see cref="OwnChild"/> goes with both.
/// </summary>
public static unsafe class ChildProcess
{
    /// <summary>Of the C library's structs for it, whatever their size on this machine.</summary>
    private const int StructBytes = 1024, SigsetBytes = 128;

    /// <summary>Processes below this one that lose their parent become its children, prctl(2).</summary>
    /// <exception cref="LinuxException">Never on kernels since 3.4.</exception>
    public static void AdoptOrphans() =>
        LinuxException.Check(Libc.prctl(Libc.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "become a subreaper");

    /// <summary>Starts a program with these descriptors as 0, 1, 2 and so on, no others, and all signals as they are
    /// by default.</summary>
    /// <param name="command">The first is the path of the program.</param>
    /// <param name="descriptors">None of them below their number.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="LinuxException">ENOENT, EAGAIN, ENOMEM.</exception>
    public static int Start(IReadOnlyList<string> command, IReadOnlyList<SafeFileHandle> descriptors)
    {
        var actions = stackalloc byte[StructBytes];
        var attributes = stackalloc byte[StructBytes];
        var signals = stackalloc byte[SigsetBytes];
        new Span<byte>(signals, SigsetBytes).Clear();
        _ = Libc.posix_spawn_file_actions_init(actions);
        _ = Libc.posix_spawnattr_init(attributes);
        using var arguments = new Texts(command);
        using var environment = new Texts([.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(v => $"{v.Key}={v.Value}")]);
        try
        {
            _ = Libc.posix_spawnattr_setsigmask(attributes, signals);
            _ = Libc.sigfillset(signals);
            _ = Libc.posix_spawnattr_setsigdefault(attributes, signals);
            _ = Libc.posix_spawnattr_setflags(
                attributes, Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK);
            for (var i = 0; i < descriptors.Count; i++)
            {
                _ = Libc.posix_spawn_file_actions_adddup2(
                    actions, (int)descriptors[i].DangerousGetHandle(), i);
            }
            int pid;
            var errno = Libc.posix_spawn(
                &pid, arguments.Pointers[0], actions, attributes, arguments.Pointers, environment.Pointers);
            GC.KeepAlive(descriptors);
            return errno == 0 ? pid : throw new LinuxException($"start {command[0]}", errno);
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
        }
    }

    /// <summary>A child that has ended, and how; null: none has at the moment.</summary>
    public static (int Id, ProgramEnd End)? Reap()
    {
        int status;
        var pid = Libc.waitpid(-1, &status, Libc.WNOHANG);
        return pid > 0 ? (pid, ProgramEnd.Of(status)) : null;
    }

    /// <summary>How this child ended, which has ended; for processes that have children by .NET too.</summary>
    /// <exception cref="LinuxException">ECHILD: it is none.</exception>
    internal static ProgramEnd Reap(int id)
    {
        int status;
        LinuxException.Check(Libc.waitpid(id, &status, 0), "wait for a process");
        return ProgramEnd.Of(status);
    }

    /// <summary>Texts as the kernel takes them, with a null behind the last.</summary>
    private sealed class Texts : IDisposable
    {
        private readonly nint[] _texts;

        public Texts(IReadOnlyList<string> texts)
        {
            _texts = [.. texts.Select(Allocate)];
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
            for (var i = 0; i < _texts.Length; i++) Pointers[i] = (byte*)_texts[i];
        }

        public byte** Pointers { get; }

        public void Dispose()
        {
            foreach (var text in _texts) NativeMemory.Free((void*)text);
            NativeMemory.Free(Pointers);
        }

        private static nint Allocate(string text)
        {
            var length = Encoding.UTF8.GetByteCount(text);
            var memory = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
            Encoding.UTF8.GetBytes(text, new Span<byte>(memory, length));
            return (nint)memory;
        }
    }
}
