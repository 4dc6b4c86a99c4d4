using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>The meaning of a packet's step from one chain to another for its flow.</summary>
public static class JudgeSteps
{
    /// <summary>
    /// The side of the flow that a rule has allowed, by the name of its chain and of the chain that it leads to; null:
    /// the rule allows nothing.
    /// </summary>
    public static AllowedSide? SideOf(string chain, string target) => JudgeChains.SideOf(chain, target);
}
