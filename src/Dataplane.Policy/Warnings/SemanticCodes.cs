namespace Dataplane.Policy.Warnings;

/// <summary>
/// The codes of warnings about what valid manifests mean. Stable: a code is never given a second meaning.
/// </summary>
public static class SemanticCodes
{
    /// <summary>A podSelector and a namespaceSelector in two items, where one item was probably meant.</summary>
    public const string PeersMeanOr = "S010";
    /// <summary>A selector of a peer that matches nothing.</summary>
    public const string PeerMatchesNothing = "S011";
    /// <summary>Egress is listed in policyTypes, and no rule lets the pods send anything.</summary>
    public const string EgressWithoutRules = "S012";
    /// <summary>An ipBlock that pods have addresses in.</summary>
    public const string BlockCoversPods = "S013";
    /// <summary>Pods whose egress is isolated cannot resolve names.</summary>
    public const string NoDns = "S014";
    /// <summary>A policy that selects no pod.</summary>
    public const string SelectsNothing = "S015";
    /// <summary>A port name that no container declares.</summary>
    public const string UnknownPortName = "S016";
    /// <summary>A rule behind one that matches all that it could.</summary>
    public const string ShadowedRule = "S017";
    /// <summary>A policy, or its rules of a direction, without which nothing would be different.</summary>
    public const string ChangesNothing = "S018";
    /// <summary>The port or the address of a Service, where a policy is about the pods behind it.</summary>
    public const string ServicePort = "S019";
    /// <summary>Two cluster-wide policies of one tier and priority about the same pods.</summary>
    public const string EqualPriorities = "S020";
    /// <summary>A field that is missing, null or empty, and so means all.</summary>
    public const string EmptyMeansAll = "S021";
    /// <summary>A field that is null or empty, and so means nothing, or less than it seems.</summary>
    public const string EmptyMeansNothing = "S022";
    /// <summary>DNS is allowed over TCP alone.</summary>
    public const string DnsOverTcpOnly = "S023";
    /// <summary>Two Services claim one address and port.</summary>
    public const string ContestedFrontend = "S024";

    /// <summary>A Service that leads nowhere.</summary>
    public const string ServiceWithoutEndpoints = "S025";
    /// <summary>Addresses that are listed for no Service.</summary>
    public const string EndpointsWithoutService = "S026";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        PeersMeanOr, PeerMatchesNothing, EgressWithoutRules, BlockCoversPods, NoDns, SelectsNothing, UnknownPortName,
        ShadowedRule, ChangesNothing, ServicePort, EqualPriorities, EmptyMeansAll, EmptyMeansNothing, DnsOverTcpOnly,
        ContestedFrontend, ServiceWithoutEndpoints, EndpointsWithoutService,
    ];
}
