namespace Dataplane.Policy.Compilation.Tables;

/// <summary>The entries that decide a flow. Two flows between the same classes that are decided by the same entries are one decision.</summary>
public readonly record struct CompiledDecision(SideDecision Leaving, SideDecision Entering)
{
    /// <summary>Nothing is asked.</summary>
    public static readonly CompiledDecision Open = new(SideDecision.Open, SideDecision.Open);

    public bool IsAllowed => Leaving.IsAllowed && Entering.IsAllowed;
}

/// <summary>The entries that decide one side of a flow.</summary>
/// <param name="Tier">Of the Admin or Baseline tier: it decides unless it says continue. Null where none fits.</param>
/// <param name="Entry">Of the NetworkPolicies, the first that fits. Null where none does, or none was asked for.</param>
public readonly record struct SideDecision(bool IsAllowed, TierEntry? Tier, AllowEntry? Entry)
{
    /// <summary>Nothing keeps the flow from this side.</summary>
    public static readonly SideDecision Open = new(true, null, null);
}

/// <summary>What an endpoint is to the rules.</summary>
public enum EndpointKind : byte { Pod, External, Node }

/// <summary>What tells an address from others at one end of flows: all numbers that the rules look up for it there.</summary>
/// <param name="Subject">Exact and group, of the policies on its own side; 0 and 0 for what no policy selects.</param>
/// <param name="Peer">Exact and group, of the policies at the other end.</param>
/// <param name="Tiers">The same in the tiers.</param>
public readonly record struct EndpointClass(EndpointKind Kind, (uint Exact, uint Group) Subject, (uint Exact, uint Group) Peer, TierRoles Tiers);
