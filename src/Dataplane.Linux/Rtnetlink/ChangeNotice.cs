namespace Dataplane.Linux.Rtnetlink;

/// <summary>What somebody changed.</summary>
public enum ChangeKind
{
    /// <summary>Anything: the kernel had no room for the notice (ENOBUFS).</summary>
    Lost,

    /// <summary>An interface, its settings as a bridge port, or whether it is up.</summary>
    Link,

    Address,

    Route,

    /// <summary>A routing rule.</summary>
    Rule,

    Neighbour,

    /// <summary>An entry of a bridge's forwarding table.</summary>
    Forwarding,

    /// <summary>A table of nf_tables, or anything in one.</summary>
    Tables,
}

/// <summary>Where to look; what it is now, a dump tells.</summary>
/// <param name="Namespace">The number that the listener's namespace has for the one it happened in (<see cref="Rtnetlink.LinkInfo.PeerNamespace"/>); null: its own.</param>
/// <param name="Index">Of the interface; 0 where it is about none, or about more than one.</param>
public readonly record struct ChangeNotice(ChangeKind Kind, int? Namespace = null, int Index = 0);
