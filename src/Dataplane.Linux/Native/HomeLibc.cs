using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Dataplane.Linux.Native;

/// <summary>
/// The calls of Tmds.LibC that this project uses, behind safe handles and strings. Only for code that runs in the
/// process's own network namespace: the runtime compiles the stub of each at its first call, and a thread that it
/// starts meanwhile would inherit a foreign namespace. Inside one, call <see cref="Libc"/>, whose stubs are compiled
/// beforehand. A result below 0 is a failure;
/// <see cref="Marshal.GetLastPInvokeError"/> has the error number.
/// </summary>
internal static unsafe class HomeLibc
{
    public static int Bind<T>(SafeFileHandle socket, in T address) where T : unmanaged
    {
        using var held = new Held(socket);
        fixed (T* a = &address)
        {
            return LibC.bind(held.Number, (sockaddr*)a, sizeof(T));
        }
    }

    /// <summary>The socket's own address; a longer one is cut.</summary>
    public static int GetSocketName<T>(SafeFileHandle socket, out T address) where T : unmanaged
    {
        address = default;
        using var held = new Held(socket);
        socklen_t length = sizeof(T);
        fixed (T* a = &address)
        {
            return LibC.getsockname(held.Number, (sockaddr*)a, &length);
        }
    }

    public static int SetOption<T>(SafeFileHandle socket, int level, int name, in T value) where T : unmanaged
    {
        using var held = new Held(socket);
        fixed (T* v = &value)
        {
            return LibC.setsockopt(held.Number, level, name, v, sizeof(T));
        }
    }

    public static int GetOption<T>(SafeFileHandle socket, int level, int name, out T value) where T : unmanaged
    {
        value = default;
        using var held = new Held(socket);
        socklen_t length = sizeof(T);
        fixed (T* v = &value)
        {
            return LibC.getsockopt(held.Number, level, name, v, &length);
        }
    }

    /// <summary>Maps <paramref name="length"/> bytes from the descriptor's beginning; -1 on failure.</summary>
    public static nint Map(nuint length, int protection, int flags, SafeFileHandle file)
    {
        using var held = new Held(file);
        return (nint)LibC.mmap(null, (size_t)(ulong)length, protection, flags, held.Number, 0);
    }

    public static int Unmap(nint address, nuint length) => LibC.munmap((void*)address, (size_t)(ulong)length);

    /// <summary>Opens an existing file; close-on-exec is added.</summary>
    public static int Open(string path, int flags)
    {
        fixed (byte* p = Text(path))
        {
            return LibC.open(p, flags | LibC.O_CLOEXEC, 0);
        }
    }

    public static long Seek(SafeFileHandle file, long offset, int whence)
    {
        using var held = new Held(file);
        return LibC.lseek(held.Number, offset, whence);
    }

    public static int Sync(SafeFileHandle file)
    {
        using var held = new Held(file);
        return LibC.fsync(held.Number);
    }

    public static int Control(SafeFileHandle file, int command, int argument)
    {
        using var held = new Held(file);
        return LibC.fcntl(held.Number, command, argument);
    }

    public static int ChangeOwner(string path, uint owner, uint group)
    {
        fixed (byte* p = Text(path))
        {
            return LibC.chown(p, owner, group);
        }
    }

    public static int MakeDirectory(string path, ushort mode)
    {
        fixed (byte* p = Text(path))
        {
            return LibC.mkdir(p, mode);
        }
    }

    public static int Unlink(string path)
    {
        fixed (byte* p = Text(path))
        {
            return LibC.unlink(p);
        }
    }

    /// <summary>mount(2) without a file system of its own: bind mounts and changes of propagation.</summary>
    public static int Mount(string source, string target, ulong_t flags)
    {
        fixed (byte* s = Text(source), t = Text(target), none = "none\0"u8)
        {
            return LibC.mount(s, t, none, flags, null);
        }
    }

    public static int Unmount(string target, int flags)
    {
        fixed (byte* t = Text(target))
        {
            return LibC.umount2(t, flags);
        }
    }

    /// <summary>UTF-8 with a terminating zero.</summary>
    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    /// <summary>Keeps a descriptor open for the length of a call.</summary>
    private readonly ref struct Held
    {
        private readonly SafeHandle _handle;
        private readonly bool _isHeld;

        public Held(SafeHandle handle)
        {
            _handle = handle;
            handle.DangerousAddRef(ref _isHeld);
        }

        public int Number => (int)_handle.DangerousGetHandle();

        public void Dispose()
        {
            if (_isHeld)
            {
                _handle.DangerousRelease();
            }
        }
    }
}
