using Dataplane.Policy.Services;
using Dataplane.Services.Pools;

namespace Dataplane.Services.Compilation;

/// <summary>A port of a Service that wants a frontend. Of several the first counts, by kind, name and port.</summary>
internal readonly record struct FrontendClaim(FrontendKind Kind, string Service, int PortIndex, Pool Pool)
    : IComparable<FrontendClaim>
{
    public int CompareTo(FrontendClaim other)
    {
        var byKind = Kind.CompareTo(other.Kind);
        var byName = byKind != 0 ? byKind : string.CompareOrdinal(Service, other.Service);
        return byName != 0 ? byName : PortIndex.CompareTo(other.PortIndex);
    }
}
