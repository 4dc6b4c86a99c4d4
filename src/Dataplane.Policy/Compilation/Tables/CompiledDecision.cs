namespace Dataplane.Policy.Compilation.Tables;

/// <summary>
/// The entries that decide a flow. Two flows between the same classes that are decided by the same entries are one
/// decision.
/// </summary>
internal readonly record struct CompiledDecision(SideDecision Leaving, SideDecision Entering)
{
    /// <summary>No policy applies.</summary>
    public static readonly CompiledDecision Open = new(SideDecision.Open, SideDecision.Open);

    /// <summary>There is nobody at one end.</summary>
    public static readonly CompiledDecision Closed = new(new SideDecision(false, null, null), SideDecision.Open);

    public bool IsAllowed => Leaving.IsAllowed && Entering.IsAllowed;
}

/// <summary>The entries that decide one side of a flow.</summary>
/// <param name="Tier">
/// The entry of the Admin or Baseline tier that matches; it decides unless its verdict is Continue. Null: none.
/// </param>
/// <param name="Entry">The first entry of the NetworkPolicies that matches. Null: none, or they were not asked.</param>
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
/// <param name="Subject">Exact class and group as a subject; 0 and 0 for an endpoint that no policy can select.</param>
/// <param name="Peer">Exact class and group as a peer of the other end's policies.</param>
/// <param name="Tiers">The classes in the tiers.</param>
internal readonly record struct EndpointClass(EndpointKind Kind, (ClassNumber Exact, ClassNumber Group) Subject,
    (ClassNumber Exact, ClassNumber Group) Peer, TierRoles Tiers);
