using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Rtnetlink;

/// <summary>RTM_GETNSID: the ids that a namespace has given to others.</summary>
public static class NamespaceIds
{
    /// <summary>
    /// The id of a namespace in the socket's namespace; null: it has none, so no interface there has its other end in
    /// it.
    /// </summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static NamespaceId? Of(NetlinkSocket socket, Netns netns)
    {
        NamespaceId? id = null;
        using var request = socket.NewBatch(128);
        request.Begin(Rtm.RTM_GETNSID, NetlinkFlags.Request, default(rtgenmsg));
        request.U32(Netnsa.NETNSA_FD, (uint)netns.Handle.DangerousGetHandle());
        request.End();
        socket.Commit($"ask for the id of {netns}", request, (_, body) =>
        {
            var attributes = MessageReader.Attributes<rtgenmsg>(body);
            while (attributes.Read())
            {
                // NETNSA_NSID_NOT_ASSIGNED is -1.
                if (attributes.Type == Netnsa.NETNSA_NSID && (int)attributes.U32() is >= 0 and var number)
                {
                    id = new NamespaceId(number);
                }
            }
        });
        return id;
    }
}
