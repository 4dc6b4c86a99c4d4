using Dataplane.Linux.Namespaces;

namespace Dataplane.Linux.Rtnetlink;

/// <summary>The kind of object that was changed.</summary>
public enum ChangeKind
{
    /// <summary>Unknown: the kernel had no room for notices (ENOBUFS).</summary>
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

    /// <summary>A table of nf_tables or an object in one.</summary>
    Tables,
}

/// <summary>A change, without the new state: a dump has that.</summary>
/// <param name="Namespace">The namespace that was changed, as the listener's own numbers it (<see
/// cref="LinkInfo.PeerNamespace"/>); null for its own.</param>
/// <param name="Index">The interface; 0 if the change concerns none, or several.</param>
public readonly record struct ChangeNotice(
    ChangeKind Kind, NamespaceId? Namespace = null, InterfaceIndex Index = default);
