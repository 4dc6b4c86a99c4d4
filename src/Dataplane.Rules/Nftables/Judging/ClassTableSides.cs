using Dataplane.Policy.Compilation.Tables;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>The tables of one direction.</summary>
internal static class ClassTableSides
{
    public static DirectionTable Direction(this ClassTable table, bool isEgress) =>
        isEgress ? table.Egress : table.Ingress;

    public static TierTable Tiers(this ClassTable table, bool isEgress) =>
        isEgress ? table.EgressTiers : table.IngressTiers;
}
