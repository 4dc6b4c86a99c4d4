using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;

namespace Dataplane.Node.Ports;

/// <summary>Requests for which "no such thing" is as good as done.</summary>
internal static class TolerantBatch
{
    /// <exception cref="LinuxException">Another error than ENODEV, ENOENT or ESRCH.</exception>
    public static void Commit(NetlinkSocket route, string operation, Action<NetlinkWriter> build) =>
        route.Commit(operation, build, Errno.ENODEV, Errno.ENOENT, Errno.ESRCH);
}
