using System.Net;
using Dataplane.Policy.Model;
using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>What Services have in common.</summary>
internal sealed class Shared
{
    public Backends Backends { get; } = new();
    public FrontendClaims Frontends { get; } = new();
    public Numbering<PoolNumber> Numbers { get; } = new(0, value => new PoolNumber(value));

    /// <summary>ClusterIPs.</summary>
    public CountedSet<IPAddress> Refused { get; } = new();
}
