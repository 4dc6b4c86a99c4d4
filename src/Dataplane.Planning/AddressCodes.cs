namespace Dataplane.Planning;

/// <summary>
/// The codes of <see cref="ClusterBuilder"/>'s diagnostics; docs/diagnostics.md has a section for each.
/// </summary>
public static class AddressCodes
{
    public const string PodNetworkFull = "A001";
    public const string NotPossible = "A002";
}
