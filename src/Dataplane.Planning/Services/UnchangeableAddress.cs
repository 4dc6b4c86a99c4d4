using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Planning.Services;

/// <summary>
/// A ClusterIP that a manifest changes. Here the manifest decides; an API server refuses it, or keeps what there was
/// (ValidateServiceUpdate, patchAllocatedValues), so that the Service has to be deleted first.
/// </summary>
public static class UnchangeableAddress
{
    /// <summary>Null: a cluster would take it too.</summary>
    public static Diagnostic? Of(PlacedService before, ServiceObject after)
    {
        var had = before.Object;
        if (had.Type == ServiceType.ExternalName || after.Type == ServiceType.ExternalName) return null;
        var old = had.IsHeadless ? "None" : $"{before.Families.Select(f => before.Addresses[f]).FirstOrDefault()}";
        if (after.IsHeadless ? had.IsHeadless : !had.IsHeadless
            && after.Addresses.All(a => before.Addresses[a.AddressFamily] is not { } kept || a.Equals(kept)))
        {
            return null;
        }
        var isRefused = after.IsHeadless || after.Addresses.Count > 0;
        return new Diagnostic(AddressCodes.AddressUnchangeable, Severity.Warning,
            $"Service {after.FullName} has another clusterIP now, and had {old}: a cluster would "
                + (isRefused ? "refuse the change, for it may not change once set" : $"leave it at {old}"),
            after.AddressPlace, Help: "in a cluster, delete the Service first, and apply it then");
    }
}
