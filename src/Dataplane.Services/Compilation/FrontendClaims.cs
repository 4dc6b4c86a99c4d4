using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>Who wants which frontend, and the pools that the frontends have led to since the last commit.</summary>
internal sealed class FrontendClaims
{
    private readonly Dictionary<Frontend, FrontendClaim[]> _claims = [];

    /// <summary>By frontend, the pool at the last commit.</summary>
    private readonly Dictionary<Frontend, PoolNumber?> _touched = [];

    public IEnumerable<FrontendEntry> All =>
        _claims.Select(claims => new FrontendEntry(claims.Key, claims.Value.Min().Pool.Number));

    public void Add(Frontend frontend, FrontendClaim claim) =>
        Set(frontend, [.. _claims.GetValueOrDefault(frontend) ?? [], claim]);

    public void Remove(Frontend frontend, FrontendClaim claim) =>
        Set(frontend, [.. _claims[frontend].Where(other => other != claim)]);

    public void Commit(Changes changes)
    {
        foreach (var (frontend, before) in _touched)
        {
            changes.Replace(entries => entries.Frontends,
                before is { } pool ? new FrontendEntry(frontend, pool) : null,
                PoolOf(frontend) is { } next ? new FrontendEntry(frontend, next) : null);
        }
        _touched.Clear();
    }

    private PoolNumber? PoolOf(Frontend frontend) =>
        _claims.TryGetValue(frontend, out var claims) ? claims.Min().Pool.Number : null;

    private void Set(Frontend frontend, FrontendClaim[] claims)
    {
        _touched.TryAdd(frontend, PoolOf(frontend));
        if (claims.Length > 0) _claims[frontend] = claims;
        else _claims.Remove(frontend);
    }
}
