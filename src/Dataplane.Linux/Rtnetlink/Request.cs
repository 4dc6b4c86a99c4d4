using Dataplane.Linux.Netlink;

namespace Dataplane.Linux.Rtnetlink;

/// <summary>Flags of the requests of this folder. All ask for an acknowledgement.</summary>
internal static class Request
{
    public const ushort Change = NetlinkFlags.Request | NetlinkFlags.Ack;

    /// <summary>EEXIST if the object exists.</summary>
    public const ushort CreateNew = Change | NetlinkFlags.Create | NetlinkFlags.Exclusive;
    public const ushort CreateOrReplace = Change | NetlinkFlags.Create | NetlinkFlags.Replace;
}
