using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;

namespace Dataplane.Node.Programming;

/// <content>Changes of elements alone.</content>
internal sealed partial class RulesetProgrammer
{
    /// <returns>
    /// The number of elements added and deleted; null: the sets have no room, and nothing was changed.
    /// </returns>
    private int? Update(RulesetChange change)
    {
        using var batch = new NftBatch(Socket);
        SetFill[] fills = [.. _fills];
        _tables.Update(batch, change, fills);
        if (Array.Exists(fills, f => f.IsOverfull)) return null;
        // An empty transaction would wake all listeners to changes of tables.
        if (batch.Elements > 0) batch.Commit("update the ruleset");
        _fills = fills;
        if (_sums is not null) _tables.UpdateSums(_sums, change);
        return batch.Elements;
    }
}
