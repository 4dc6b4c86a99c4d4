using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Namespaces;

/// <summary>
/// A network namespace, held open by a descriptor. Disposing closes the descriptor only: a named namespace lives until
/// <see cref="Delete"/>, an anonymous one until its last descriptor, socket and process are gone.
/// </summary>
public sealed unsafe class Netns : IDisposable
{
    private const string Here = "/proc/thread-self/ns/net";

    /// <summary>Anything may have the name: opening a pipe waits for its writer.</summary>
    private const int OpenFlags = Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC;

    private Netns(string? name, SafeFileHandle handle)
    {
        Name = name;
        Handle = handle;
    }

    /// <summary>The name under <c>/run/netns</c>; null for one without a name.</summary>
    public string? Name { get; }

    /// <summary>The descriptor for IFLA_NET_NS_FD and setns.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Creates a named namespace as <c>ip netns add</c> does.</summary>
    /// <exception cref="LinuxException">EEXIST: the name is taken. EPERM: not root.</exception>
    public static Netns Create(string name)
    {
        var path = NetnsDirectory.PathOf(name);
        NetnsDirectory.Prepare();
        CreateFile(path);

        try
        {
            return new Netns(name, Unshare(Encoding.UTF8.GetBytes(path + '\0')));
        }
        catch
        {
            NetnsDirectory.Remove(path);
            throw;
        }
    }

    /// <summary>Creates a namespace without a name: it ends with its last user.</summary>
    public static Netns CreateAnonymous() => new(null, Unshare(default));

    /// <exception cref="LinuxException">ENOENT: no such name.</exception>
    public static Netns Open(string name)
    {
        var path = NetnsDirectory.PathOf(name);
        return new Netns(name, OpenFile(path));
    }

    /// <param name="path">Any path that a namespace is mounted on, or <c>/proc/PID/ns/net</c>.</param>
    /// <returns>A namespace without a name, whatever its path.</returns>
    /// <exception cref="LinuxException">ENOENT: no such file.</exception>
    public static Netns OpenPath(string path) => new(null, OpenFile(path));

    /// <summary>The namespace of an open descriptor, which stays the caller's.</summary>
    public static Netns Duplicate(SafeFileHandle descriptor) =>
        new(null, OpenFile($"/proc/self/fd/{descriptor.DangerousGetHandle()}"));

    /// <summary>The calling thread's own namespace.</summary>
    public static Netns OpenCurrent() => new(null, OpenFile(Here));

    /// <summary>Whether it is the namespace of this process.</summary>
    public bool IsCurrent()
    {
        using var current = OpenFile("/proc/self/ns/net");
        return FileIdentity.Of(Handle) == FileIdentity.Of(current);
    }

    /// <summary>Whether both are one namespace.</summary>
    public bool Is(Netns other) => FileIdentity.Of(Handle) == FileIdentity.Of(other.Handle);

    /// <summary>Whether its name still refers to it.</summary>
    public bool HasName()
    {
        if (Name is null || Libc.open(NetnsDirectory.PathOf(Name), OpenFlags, 0) is var fd
            && fd < 0)
        {
            return false;
        }

        using var named = new SafeFileHandle(fd, ownsHandle: true);
        return FileIdentity.Of(named) == FileIdentity.Of(Handle);
    }

    /// <summary>Binds the name to this namespace again and replaces what has it now.</summary>
    /// <exception cref="InvalidOperationException">It has no name.</exception>
    /// <exception cref="LinuxException">EEXIST: what has it is no namespace, and stays.</exception>
    public void Rename()
    {
        var path = NetnsDirectory.PathOf(
            Name ?? throw new InvalidOperationException("An unnamed namespace has no name to get back."));
        NetnsDirectory.Prepare();
        NetnsDirectory.Remove(path);
        CreateFile(path);
        LinuxException.Check(Libc.mount(
            $"/proc/self/fd/{Handle.DangerousGetHandle()}", path, "none", Libc.MS_BIND, null), $"mount {path}");
    }

    /// <summary>Removes the name; the namespace ends with its last user. A missing name is no error.</summary>
    /// <exception cref="LinuxException">EEXIST: what has the name is no namespace, and stays.</exception>
    public static void Delete(string name) => NetnsDirectory.Remove(NetnsDirectory.PathOf(name));

    /// <summary>Whether something has the name.</summary>
    public static bool IsThere(string name) => Path.Exists(NetnsDirectory.PathOf(name));

    /// <summary>The names under <c>/run/netns</c>, sorted.</summary>
    public static IReadOnlyList<string> List()
    {
        if (!Directory.Exists(NetnsDirectory.Root))
        {
            return [];
        }

        var names = Directory.GetFiles(NetnsDirectory.Root).Select(static path => Path.GetFileName(path)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    /// <summary>
    /// Runs <paramref name="body"/> on the one thread that changes namespaces, inside this one. It must make raw system
    /// calls only, and never start anything: a thread the runtime creates meanwhile would stay here for good.
    /// </summary>
    public T Run<T>(Func<T> body) => NetnsThread.Shared.Run(Handle, body);

    /// <summary>
    /// A socket of this namespace, for good and from any thread. Wrap it at home, for example with
    /// <c>new Socket(new SafeSocketHandle(...))</c>; bind and setsockopt work from home too.
    /// </summary>
    /// <param name="domain">AF_*</param>
    /// <param name="type">SOCK_*; close-on-exec is added.</param>
    /// <param name="protocol">In the byte order that the domain wants.</param>
    public SafeFileHandle OpenSocket(int domain, int type, int protocol)
    {
        var fd = Run(() => Libc.socket(domain, type | Libc.SOCK_CLOEXEC, protocol) is var s and >= 0 ? s
            : -Marshal.GetLastPInvokeError());
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true)
            : throw new LinuxException($"open a socket in {this}", -fd);
    }

    public override string ToString() => Name ?? "(unnamed namespace)";

    public void Dispose() => Handle.Dispose();

    /// <summary>An empty file to bind a namespace on.</summary>
    private static void CreateFile(string path)
    {
        const int Flags = Libc.O_RDONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_CLOEXEC;
        using var file = new SafeFileHandle(
            LinuxException.Check(Libc.open(path, Flags, 0), $"create {path}"), ownsHandle: true);
    }

    private static SafeFileHandle OpenFile(string path) =>
        new(LinuxException.Check(Libc.open(path, OpenFlags, 0), $"open {path}"), ownsHandle: true);

    /// <summary>A fresh namespace, bound to <paramref name="path"/> (zero-terminated) unless that is empty.</summary>
    private static SafeFileHandle Unshare(byte[]? path)
    {
        var fd = NetnsThread.Shared.Run(null, () =>
        {
            fixed (byte* here = "/proc/thread-self/ns/net\0"u8, none = "none\0"u8, target = path)
            {
                var fresh = Libc.unshare(Libc.CLONE_NEWNET);
                if (fresh == 0 && target != null)
                {
                    fresh = Libc.mount(here, target, none, Libc.MS_BIND, null);
                }

                if (fresh == 0)
                {
                    fresh = Libc.open(here, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
                }

                return fresh >= 0 ? fresh : -Marshal.GetLastPInvokeError();
            }
        });
        return fd >= 0 ? new SafeFileHandle(fd, ownsHandle: true)
            : throw new LinuxException("create a network namespace", -fd);
    }
}
