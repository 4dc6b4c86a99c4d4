using Dataplane.Daemon.Configuration;

namespace Dataplane.Daemon.Host;

/// <summary>What a client may do.</summary>
internal enum Access { None, Read, Everything }

/// <summary>Who may do what: root and the daemon's own user everything, groups as configured.</summary>
/// <param name="AdminGroup">Null: none.</param>
/// <param name="ReadGroup">Null: none.</param>
internal sealed record AccessPolicy(uint? AdminGroup, uint? ReadGroup)
{
    public Access Of(PeerCredentials peer)
    {
        if (peer.Uid == 0 || peer.Uid == PeerCredentials.OwnUid) return Access.Everything;
        if (AdminGroup is { } admin && peer.IsIn(admin)) return Access.Everything;
        return ReadGroup is { } read && peer.IsIn(read) ? Access.Read : Access.None;
    }

    /// <exception cref="OptionException">A group does not exist.</exception>
    public static AccessPolicy From(DaemonOptions options) =>
        new(Groups.Number("adminGroup", options.AdminGroup), Groups.Number("readGroup", options.ReadGroup));
}
