using Tmds.Linux;

namespace Dataplane.Linux.Native;

/// <summary>The size of the terminal behind a descriptor (tty_ioctl(4), TIOCGWINSZ).</summary>
public static unsafe class TerminalSize
{
    /// <summary>Number of columns; null where the descriptor is no terminal or the terminal does not say.</summary>
    public static int? Columns(int descriptor)
    {
        winsize size;
        return LibC.ioctl(descriptor, LibC.TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : null;
    }
}
