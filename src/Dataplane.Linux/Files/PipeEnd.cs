using Dataplane.Linux.Native;

namespace Dataplane.Linux.Files;

/// <summary>The end of a pipe that this process writes to.</summary>
public static class PipeEnd
{
    private const short POLLERR = 8, POLLHUP = 16;

    /// <summary>
    /// Waits until nobody can read what is written (poll(2), POLLERR; POLLHUP of a socket or a terminal). A write would
    /// show it too, but there may be nothing to write.
    /// </summary>
    /// <returns>False after <paramref name="timeout"/>, and where the descriptor is a file.</returns>
    public static unsafe bool AwaitClosed(int descriptor, TimeSpan timeout)
    {
        var poll = new Libc.pollfd { fd = descriptor };
        return Libc.poll(&poll, 1, (int)timeout.TotalMilliseconds) > 0 && (poll.revents & (POLLERR | POLLHUP)) != 0;
    }
}
