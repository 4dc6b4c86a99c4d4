namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The entries that decide a flow. Two flows between the same classes that are decided by the same entries are one
/// decision.
/// </summary>
internal readonly record struct CompiledDecision(SideDecision Leaving, SideDecision Entering)
{
    /// <summary>No policy applies.</summary>
    public static readonly CompiledDecision Open = new(SideDecision.Open, SideDecision.Open);

    public bool IsAllowed => Leaving.IsAllowed && Entering.IsAllowed;
}

/// <summary>The entries that decide one side of a flow.</summary>
/// <param name="Tier">Of the Admin or Baseline tier: it decides unless it says continue. Null where none fits.</param>
/// <param name="Entry">Of the NetworkPolicies, the first that fits. Null where none does, or none was asked
/// for.</param>
internal readonly record struct SideDecision(bool IsAllowed, TierEntry? Tier, AllowEntry? Entry)
{
    /// <summary>No policy applies to this side of the flow.</summary>
    public static readonly SideDecision Open = new(true, null, null);
}

/// <summary>The kind of endpoint, as rules distinguish it.</summary>
internal enum EndpointKind : byte { Pod, External, Node }

/// <summary>
/// The class of an address at one end of flows: all numbers that the rules look up for it there.
/// </summary>
/// <param name="Subject">Exact and group, of the policies on its own side; 0 and 0 for what no policy selects.</param>
/// <param name="Peer">Exact and group, of the policies at the other end.</param>
/// <param name="Tiers">The same in the tiers.</param>
internal readonly record struct EndpointClass(EndpointKind Kind, (uint Exact, uint Group) Subject,
    (uint Exact, uint Group) Peer, TierRoles Tiers);
