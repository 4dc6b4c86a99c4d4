using System.Runtime.InteropServices;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Linux.Programs;

/// <summary>A terminal whose other side is this process: pty(7), ioctl_tty(2).</summary>
public static unsafe class PseudoTerminal
{
    private const string Multiplexer = "/dev/ptmx";

    /// <summary>A terminal without a size.</summary>
    /// <returns>The side of this process, and that of a program.</returns>
    /// <exception cref="LinuxException">EMFILE; ENOSPC: there are as many as there may be; ENOENT: no
    /// /dev/ptmx.</exception>
    public static (SafeFileHandle Own, SafeFileHandle Program) Open()
    {
        const int flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC;
        var own = new SafeFileHandle(
            LinuxException.Check(Libc.open(Multiplexer, flags, 0), $"open {Multiplexer}"), ownsHandle: true);
        try
        {
            var descriptor = (int)own.DangerousGetHandle();
            var isLocked = 0;
            LinuxException.Check(Libc.ioctl(descriptor, Libc.TIOCSPTLCK, &isLocked), "unlock a terminal");
            // By the number of the terminal, not by a path: whatever is mounted at /dev/pts.
            var program = LinuxException.Check(
                Libc.ioctl(descriptor, Libc.TIOCGPTPEER, (void*)flags), "open the other side of a terminal");
            return (own, new SafeFileHandle(program, ownsHandle: true));
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Its programs are told (SIGWINCH).</summary>
    /// <param name="own">The side of this process; nothing happens where it is closed.</param>
    public static void Resize(SafeHandle own, ushort columns, ushort rows)
    {
        var isHeld = false;
        try
        {
            own.DangerousAddRef(ref isHeld);
            var size = stackalloc ushort[4] { rows, columns, 0, 0 };
            _ = Libc.ioctl((int)own.DangerousGetHandle(), Libc.TIOCSWINSZ, size);
        }
        catch (ObjectDisposedException)
        {
            // Nobody sees it any more.
        }
        finally
        {
            if (isHeld) own.DangerousRelease();
        }
    }

    /// <summary>The terminal at this descriptor becomes that of the session, which this process leads.</summary>
    /// <exception cref="LinuxException">EPERM: the session has one, or the terminal has one.</exception>
    public static void Control(int descriptor) =>
        LinuxException.Check(Libc.ioctl(descriptor, Libc.TIOCSCTTY, null), "take a terminal");

    /// <summary>Gives the program's side to a user, so that he can open it by its path.</summary>
    /// <exception cref="LinuxException">EPERM.</exception>
    public static void Give(int descriptor, uint user, uint group) =>
        LinuxException.Check(Libc.fchown(descriptor, user, group), "give a terminal away");
}
