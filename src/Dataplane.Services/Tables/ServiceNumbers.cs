using System.Net;

namespace Dataplane.Services.Tables;

/// <summary>
/// Numbers that the kernel has from an earlier compiler. What clients are bound to there is a pool and a backend by
/// number, so the next compiler goes on with these.
/// </summary>
/// <param name="Pools">By frontend, the pool that it leads to.</param>
/// <param name="Backends">By address and port.</param>
public sealed record ServiceNumbers(
    IReadOnlyDictionary<Frontend, PoolNumber> Pools, IReadOnlyDictionary<IPEndPoint, BackendNumber> Backends)
{
    public static readonly ServiceNumbers None =
        new(new Dictionary<Frontend, PoolNumber>(), new Dictionary<IPEndPoint, BackendNumber>());
}
