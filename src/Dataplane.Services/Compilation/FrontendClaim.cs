using Dataplane.Policy.Services;
using Dataplane.Services.Pools;

namespace Dataplane.Services.Compilation;

/// <summary>A port that wants a frontend. Of several the first counts, by kind, name and port.</summary>
/// <param name="Owner">The Service, or the pod for which the node has the port.</param>
internal readonly record struct FrontendClaim(FrontendKind Kind, string Owner, int PortIndex, Pool Pool)
    : IComparable<FrontendClaim>
{
    public int CompareTo(FrontendClaim other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        var byName = byKind != 0 ? byKind : string.CompareOrdinal(Owner, other.Owner);
        return byName != 0 ? byName : PortIndex.CompareTo(other.PortIndex);
    }
}
