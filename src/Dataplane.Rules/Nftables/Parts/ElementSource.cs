using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;

namespace Dataplane.Rules.Nftables.Parts;

/// <summary>
/// Makes the elements of one set from pods and policies, for any receiver: a batch, a model, a checksum. Nothing is
/// allocated for an element.
/// </summary>
internal abstract class ElementSource
{
    /// <summary>Writes the elements that a change removes from the set, or those that it adds.</summary>
    public abstract void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
        where TSink : INftElementSink, allows ref struct;
}
