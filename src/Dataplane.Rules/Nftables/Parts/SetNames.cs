namespace Dataplane.Rules.Nftables.Parts;

/// <summary>The names of tables, sets and maps. Those that exist once per family end in 4 or 6.</summary>
public static class SetNames
{
    public const string Table = "dataplane";
    public const string Identity = "identity";
    public const string Self = "self";

    /// <summary>Sets of <c>LimitsPart</c>.</summary>
    public const string LogLimit = "log_limit", Probing = "probing", Connections = "connections", Crowded = "crowded",
        Suspect = "suspect", Shares = "shares", AboveShare = "above_share", TableFull = "table_full";

    /// <summary>Sets of <c>ServicesPart</c>; docs/sets.md says what they hold.</summary>
    public const string Frontend = "frontend", FrontendOutside = "frontend_outside", NodePort = "nodeport",
        NodePortOutside = "nodeport_outside", NodeAddress = "node_address", ServiceAddress = "service_address",
        Pool = "pool", Slot = "slot", Member = "member", Backend = "backend", Affinity = "affinity",
        ServiceSource = "service_source", Spread = "spread";

    /// <summary>The sets with the present epoch: as a key to look ct marks up by, and as the value to stamp.</summary>
    public const string EpochOk = "epoch_ok", EpochNow = "epoch_now";

    /// <summary>The class of the node itself as a peer of egress rules of a tier, by family.</summary>
    public const string TierNode = "egress_tier_node";

    public static readonly DirectionSets Egress = new("egress"), Ingress = new("ingress");
}

/// <summary>The sets of one direction.</summary>
public sealed record DirectionSets(string Direction)
{
    public string Subject => $"{Direction}_subject";
    public string SubjectGroup => $"{Direction}_subject_group";
    public string Peer => $"{Direction}_peer";
    public string PeerGroup => $"{Direction}_peer_group";
    public string Outside => $"{Direction}_outside";
    public string OutsideGroup => $"{Direction}_outside_group";
    public string Isolated => $"{Direction}_isolated";

    /// <summary>Pairs for which the peer's group and realm are not looked up.</summary>
    public string Except => $"{Direction}_except";

    /// <summary>Allowances for everything, ICMP included.</summary>
    public string Any => $"{Direction}_any";

    /// <summary>Allowances for every port of a protocol.</summary>
    public string Protocol => $"{Direction}_protocol";

    /// <summary>Allowances for one port.</summary>
    public string Port => $"{Direction}_port";

    /// <summary>Allowances for a range of ports.</summary>
    public string Range => $"{Direction}_range";

    /// <summary>Pods that a tier policy selects as its subject, by address.</summary>
    public string TierSubject => $"{Direction}_tier_subject";

    /// <summary>Pods, and in egress the node's addresses, that a tier rule names as peers.</summary>
    public string TierPeer => $"{Direction}_tier_peer";

    /// <summary>Ranges of addresses outside that a tier rule names as peers.</summary>
    public string TierOutside => $"{Direction}_tier_outside";

    /// <summary>Verdicts of the tiers, as data: for everything, a protocol, a port, a range of ports.</summary>
    public string TierAny => $"{Direction}_tier_any";
    public string TierProtocol => $"{Direction}_tier_protocol";
    public string TierPort => $"{Direction}_tier_port";
    public string TierRange => $"{Direction}_tier_range";
}
