using Dataplane.Services.Pools;
using Dataplane.Services.Tables;

namespace Dataplane.Services.Compilation;

/// <summary>The pools of one Service, or of one pod behind ports of the node, and the frontends that it
/// claims.</summary>
internal sealed class OwnedPools(Shared shared)
{
    private readonly List<(Frontend Frontend, FrontendClaim Claim)> _claims = [];

    public List<Pool> All { get; } = [];

    /// <summary>Takes over what is wanted now. Pools that were there before stay; their members are counted by the
    /// caller.</summary>
    /// <param name="owner">The full name of who wants it.</param>
    public void Want(string owner, IReadOnlyList<WantedFrontend> wanted, Changes changes)
    {
        foreach (var (frontend, claim) in _claims) shared.Frontends.Remove(frontend, claim);
        _claims.Clear();
        var keys = wanted.Select(w => w.Pool).ToHashSet();
        foreach (var pool in All.Where(pool => !keys.Contains(pool.Key)))
        {
            pool.Close(shared.Backends, changes);
            shared.Numbers.GiveBack(pool.Number);
        }
        All.RemoveAll(pool => !keys.Contains(pool.Key));
        foreach (var want in wanted)
        {
            var pool = All.Find(p => p.Key == want.Pool);
            if (pool is null) All.Add(pool = new Pool(shared.Numbers.Take((owner, want.Pool)), want.Pool));
            pool.PortIndex = want.PortIndex;
            var claim = new FrontendClaim(want.Kind, owner, want.PortIndex, pool);
            shared.Frontends.Add(want.Frontend, claim);
            _claims.Add((want.Frontend, claim));
        }
    }
}
