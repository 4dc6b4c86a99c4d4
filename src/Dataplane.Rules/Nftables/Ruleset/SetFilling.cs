using System.Net.Sockets;

namespace Dataplane.Rules.Nftables.Ruleset;

/// <summary>What the elements of a set are made from; see docs/sets.md.</summary>
internal enum SetRole
{
    /// <summary>From attached addresses.</summary>
    Identity, Self, Subject, SubjectGroup, Peer, PeerGroup, TierSubject, TierPeer,

    /// <summary>From classes of addresses outside.</summary>
    Outside, OutsideGroup, TierOutside,

    /// <summary>From subjects, and pairs of subject and peer.</summary>
    Isolated, Except, Any, Protocol, Port, Range, TierAny, TierProtocol, TierPort, TierRange,

    EpochOk, EpochNow,
}

/// <param name="Family">Of a set that exists once per family.</param>
internal readonly record struct SetFilling(SetRole Role, bool IsEgress = false, AddressFamily Family = default);
