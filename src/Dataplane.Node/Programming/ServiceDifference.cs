using Dataplane.Services.Tables;

namespace Dataplane.Node.Programming;

/// <summary>The entries in which two whole tables differ.</summary>
internal static class ServiceDifference
{
    public static ServiceChange Between(ServiceTable before, ServiceTable after) => ReferenceEquals(before, after)
        ? ServiceChange.None : new(Less(before, after), Less(after, before));

    private static ServiceTable Less(ServiceTable one, ServiceTable other) => new(
        [.. one.Frontends.Except(other.Frontends)], [.. one.Pools.Except(other.Pools)],
        [.. one.Slots.Except(other.Slots)], [.. one.Backends.Except(other.Backends)],
        [.. one.Sources.Except(other.Sources)], [.. one.Refused.Except(other.Refused)]);
}
