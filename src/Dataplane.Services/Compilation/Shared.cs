using System.Net;
using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>What Services, and pods with ports of the node, have in common.</summary>
internal sealed class Shared(ServiceNumbers earlier)
{
    public Backends Backends { get; } = new(earlier.Backends);
    public FrontendClaims Frontends { get; } = new();
    public EarlierNumbers<(string Owner, PoolKey Pool), PoolNumber> Numbers { get; } =
        new(earlier.Pools.Values, number => number.Value, value => new PoolNumber(value));

    /// <summary>ClusterIPs.</summary>
    public CountedSet<IPAddress> Refused { get; } = new();
}
