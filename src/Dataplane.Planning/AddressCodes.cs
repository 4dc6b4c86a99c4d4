namespace Dataplane.Planning;

/// <summary>
/// The codes of <see cref="ClusterBuilder"/>'s diagnostics; docs/diagnostics.md has a section for each.
/// </summary>
public static class AddressCodes
{
    public const string PodNetworkFull = "A001";
    public const string NotPossible = "A002";
    public const string ServiceAddressNotPossible = "A003";
    /// <summary>Two Services, or a Service and a pod, are to have one address.</summary>
    public const string ServiceAddressTaken = "A004";
    public const string NodePortNotPossible = "A005";
    public const string NodePortTaken = "A006";
    /// <summary>No ClusterIP, or no port of the node, is left for a Service.</summary>
    public const string ServicesFull = "A007";
    /// <summary>A warning: a ClusterIP is changed, which a cluster would not do.</summary>
    public const string AddressUnchangeable = "A008";
}
