using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using Dataplane.Linux.Files;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Namespaces;

/// <summary>
/// Turns this process into another program inside a network namespace, as <c>ip netns exec</c> does (lib/namespace.c of
/// iproute2,
/// <c>netns_switch</c>): stdin, terminal, signals and exit code are the program's own, since no other process is there.
/// </summary>
public static unsafe partial class NetnsExec
{
    /// <summary>
    /// Exit codes: no such program and a program that cannot be run, as shells report them; a failed earlier step.
    /// </summary>
    private const int NotFound = 127, NotExecutable = 126, Failed = 4;

    private const int HighestErrno = 133;

    /// <summary>022, as container runtimes have it.</summary>
    private const uint ProgramMask = 0x12;

    private const string HostNameFile = "hostname";

    /// <summary>In bytes.</summary>
    private const int MaxHostNameFile = 4096;

    /// <summary><c>sizeof(sigset_t)</c> of glibc; the kernel reads the first 8 bytes.</summary>
    private const int SigsetBytes = 128;

    /// <summary>
    /// Becomes <paramref name="command"/>, looked up in PATH. /sys shows the namespace, the files of /etc/netns/NAME
    /// cover those of /etc, and the host has the name in hostname there: all for this process alone. A failure after
    /// the namespace is entered is written to stderr and ends the process: with 127 if there is no such program, 126 if
    /// it cannot be run, else 4.
    /// </summary>
    /// <param name="name">Below /run/netns, or an absolute path; null for the current namespace.</param>
    /// <param name="withFiles">False: /sys and /etc stay as they are, which needs no mount namespace.</param>
    /// <param name="forGood">True: no program has more by its file or its user, whatever is in the bounding set
    /// (no_new_privs). The set stays as it is where CAP_SETPCAP is missing, as in our unit, which has cut it.</param>
    /// <param name="keep">
    /// The capabilities that the program, and whatever it runs, may have at most. Without CAP_NET_ADMIN in the user
    /// namespace that owns the node's, no netlink request can act there (IFLA_TARGET_NETNSID).
    /// </param>
    /// <exception cref="LinuxException">ENOENT: no such namespace.</exception>
    [DoesNotReturn]
    public static void Become(
        string? name, CapabilitySet keep, IReadOnlyList<string> command, bool withFiles = true,
        bool forGood = false)
    {
        // Everything is allocated here: inside, nothing may be allocated or thrown.
        var arguments = Texts(command);
        var errors = new Messages(command[0]);
        if (name is null) Execute(arguments, keep, errors, null, forGood);
        var isPath = name.StartsWith('/');
        using var netns = isPath ? Netns.OpenPath(name) : Netns.Open(name);
        var overlays = isPath ? [] : Overlays($"/etc/netns/{name}");
        var sysName = Text(name);
        var hostName = HostName($"/etc/netns/{name}/{HostNameFile}");
        netns.Run(() =>
        {
            if (withFiles) Isolate(sysName, overlays, errors);
            if (withFiles && hostName is not null) Name(hostName, errors);
            Execute(arguments, keep, errors, null, forGood);
            return 0;
        });
        throw new UnreachableException();
    }

    /// <summary>
    /// Becomes the program of a container: as the other method does it, with a host name, a user and an environment of
    /// its own. A failure after the namespace is entered ends the process with the same codes.
    /// </summary>
    /// <param name="name">Below /run/netns, or an absolute path; null: the program stays where this one is, with the
    /// machine's files and name.</param>
    /// <param name="command">The first is the path of the program.</param>
    /// <exception cref="LinuxException">ENOENT: no such namespace.</exception>
    [DoesNotReturn]
    public static void Become(string? name, CapabilitySet keep, IReadOnlyList<string> command, ProgramSetting setting)
    {
        var arguments = Texts(command);
        var errors = new Messages(command[0], setting.Errors);
        var native = new NativeSetting(setting);
        if (name is null) Execute(arguments, keep, errors, native);
        var isPath = name.StartsWith('/');
        using var netns = isPath ? Netns.OpenPath(name) : Netns.Open(name);
        var overlays = isPath ? [] : Overlays($"/etc/netns/{name}");
        var sysName = Text(name);
        var hostName = Encoding.UTF8.GetBytes(setting.HostName);
        netns.Run(() =>
        {
            Isolate(sysName, overlays, errors);
            Name(hostName, errors);
            Execute(arguments, keep, errors, native);
            return 0;
        });
        throw new UnreachableException();
    }

    /// <summary>
    /// Becomes a program beside another one: in its network, with its files and the name of its host. A failure after
    /// the network is entered ends the process with the same codes.
    /// </summary>
    /// <param name="netns">That of the other.</param>
    /// <param name="process">A descriptor of the other, pidfd_open(2).</param>
    /// <param name="command">The first is the path of the program.</param>
    [DoesNotReturn]
    public static void BecomeBeside(Netns netns, SafeFileHandle process, CapabilitySet keep,
        IReadOnlyList<string> command, ProgramSetting setting)
    {
        var arguments = Texts(command);
        var errors = new Messages(command[0], setting.Errors);
        var native = new NativeSetting(setting);
        var other = (int)process.DangerousGetHandle();
        netns.Run(() =>
        {
            // A thread that shares its directories with others cannot have other files than they.
            if (Libc.unshare(Libc.CLONE_FS) < 0 || Libc.setns(other, Libc.CLONE_NEWNS | Libc.CLONE_NEWUTS) < 0)
                errors.Die(errors.Beside);
            Execute(arguments, keep, errors, native);
            return 0;
        });
        throw new UnreachableException();
    }

    /// <summary>Files to lay over those of the same name in /etc. Not every machine has a hostname there, and programs
    /// ask the kernel.</summary>
    private static (nint Source, nint Target)[] Overlays(string directory) => !Directory.Exists(directory) ? [] :
    [
        .. Directory.EnumerateFileSystemEntries(directory)
            .Where(path => Path.GetFileName(path) != HostNameFile || File.Exists($"/etc/{HostNameFile}"))
            .Select(path => ((nint)Text(path), (nint)Text($"/etc/{Path.GetFileName(path)}"))),
    ];

    /// <summary>The first line; null: there is none.</summary>
    private static byte[]? HostName(string path) =>
        RegularFile.TryReadText(path, MaxHostNameFile)?.Split('\n', 2)[0].TrimEnd('\r') is { Length: > 0 } name
            && name[0] != '#' ? Encoding.UTF8.GetBytes(name) : null;

    private static void Name(byte[] hostName, Messages errors)
    {
        if (Libc.unshare(Libc.CLONE_NEWUTS) < 0) errors.Die(errors.HostName);
        fixed (byte* name = hostName)
            if (Libc.sethostname(name, (nuint)hostName.Length) < 0) errors.Die(errors.HostName);
    }

    private static void Isolate(byte* name, (nint Source, nint Target)[] overlays, Messages errors)
    {
        fixed (byte* empty = "\0"u8, none = "none\0"u8, root = "/\0"u8, sys = "/sys\0"u8, sysfs = "sysfs\0"u8)
        {
            if (Libc.unshare(Libc.CLONE_NEWNS) < 0) errors.Die(errors.Unshare);
            // What is mounted from here on stays here.
            if (Libc.mount(empty, root, none, Libc.MS_SLAVE | Libc.MS_REC, null) < 0) errors.Die(errors.Propagation);
            // Fails where none is mounted, and where it is locked; a read-only instance cannot be covered by a writable
            // one.
            _ = Libc.umount2(sys, Libc.MNT_DETACH);
            if (Libc.mount(name, sys, sysfs, 0, null) < 0 && Libc.mount(name, sys, sysfs, Libc.MS_RDONLY, null) < 0)
                errors.Die(errors.Sys);
            foreach (var (source, target) in overlays)
                if (Libc.mount((byte*)source, (byte*)target, none, Libc.MS_BIND, null) < 0) errors.Die(errors.Etc);
        }
    }

    [DoesNotReturn]
    private static void Execute(
        byte** arguments, CapabilitySet keep, Messages errors, NativeSetting? setting, bool forGood = false)
    {
        if (forGood && Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) errors.Die(errors.Capabilities);
        if (keep != CapabilitySet.All) Bound(keep, forGood, errors);
        // Between the two: whom a container drops the right to choose its user is somebody else all the same.
        if (setting is not null) Become(setting, errors);
        if (keep != CapabilitySet.All) Limit(keep, errors);
        // The runtime ignores SIGPIPE, and what is ignored stays so; its handlers do not outlive the program.
        Libc.signal(Libc.SIGPIPE, 0);
        var none = stackalloc byte[SigsetBytes];
        new Span<byte>(none, SigsetBytes).Clear();
        _ = Libc.sigprocmask(Libc.SIG_SETMASK, none, null);
        if (setting is null) _ = Libc.execvp(arguments[0], arguments);
        else _ = Libc.execve(arguments[0], arguments, setting.Environment);
        errors.Die(errors.Program, Marshal.GetLastPInvokeError() == Errno.ENOENT ? NotFound : NotExecutable);
    }

    private static void Become(NativeSetting setting, Messages errors)
    {
        if (Libc.setgroups(setting.GroupCount, setting.Groups) < 0
            || Libc.setresgid(setting.Group, setting.Group, setting.Group) < 0
            || Libc.setresuid(setting.User, setting.User, setting.User) < 0)
        {
            errors.Die(errors.User);
        }
        if (!setting.MayGain && Libc.prctl(Libc.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) errors.Die(errors.Capabilities);
        // That of whoever started the supervisor is his.
        _ = Libc.umask(ProgramMask);
        if (Libc.chdir(setting.Directory) < 0) errors.Die(errors.Directory);
    }

    /// <summary>
    /// Takes the other capabilities from the bounding set, so that no program has them again by its file or its user.
    /// (So no_new_privs is not needed, and a program that gives up root can use ping.)
    /// </summary>
    private static void Bound(CapabilitySet keep, bool forGood, Messages errors)
    {
        for (var number = 0; number < 64; number++)
        {
            if (keep.Has(number) || Libc.prctl(Libc.PR_CAPBSET_DROP, (nuint)number, 0, 0, 0) == 0) continue;
            // The kernel has no more.
            if (Marshal.GetLastPInvokeError() is var errno && errno == Errno.EINVAL) break;
            if (forGood && errno == Errno.EPERM) break;
            errors.Die(errors.Capabilities);
        }
    }

    /// <summary>Takes the other capabilities from this thread.</summary>
    private static void Limit(CapabilitySet keep, Messages errors)
    {
        if (Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
            errors.Die(errors.Capabilities);
        var header = new Libc.__user_cap_header_struct { version = Libc._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc Libc.__user_cap_data_struct[2];
        if (Libc.capget(&header, data) < 0) errors.Die(errors.Capabilities);
        for (var half = 0; half < 2; half++)
        {
            data[half].permitted &= (uint)(keep.Bits >> (32 * half));
            data[half].effective = data[half].permitted;
            data[half].inheritable = 0;
        }
        if (Libc.capset(&header, data) < 0) errors.Die(errors.Capabilities);
    }

    /// <summary>As <see cref="Text"/>, with a null behind the last.</summary>
    private static byte** Texts(IReadOnlyList<string> texts)
    {
        var pointers = (byte**)NativeMemory.AllocZeroed((nuint)texts.Count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++) pointers[i] = Text(texts[i]);
        return pointers;
    }

    /// <summary>Zero-terminated, for the rest of the process.</summary>
    private static byte* Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var memory = (byte*)NativeMemory.AllocZeroed((nuint)length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(memory, length));
        return memory;
    }

    /// <summary>A setting as the kernel takes it, for the rest of the process.</summary>
    private sealed class NativeSetting(ProgramSetting setting)
    {
        public byte* Directory { get; } = Text(setting.Directory);
        public byte** Environment { get; } = Texts([.. setting.Environment.Select(v => $"{v.Key}={v.Value}")]);
        public uint User { get; } = setting.User;
        public uint Group { get; } = setting.Group;
        public nuint GroupCount { get; } = (nuint)setting.Groups.Count;
        public uint* Groups { get; } = Numbers(setting.Groups);
        public bool MayGain { get; } = setting.MayGain;

        private static uint* Numbers(IReadOnlyList<uint> numbers)
        {
            var memory = (uint*)NativeMemory.AllocZeroed((nuint)numbers.Count + 1, sizeof(uint));
            for (var i = 0; i < numbers.Count; i++) memory[i] = numbers[i];
            return memory;
        }
    }
}
