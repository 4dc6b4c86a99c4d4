using Dataplane.Policy.Compilation.Tables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables.Judging;

/// <summary>The subjects that a NetworkPolicy isolates in a direction.</summary>
internal sealed class IsolatedSource(bool isEgress) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> key = stackalloc byte[sizeof(uint)];
        var subjects = (added ? change.Added : change.Removed).Direction(isEgress).Isolated;
        for (var i = 0; i < subjects.Count; i++)
        {
            BitConverter.TryWriteBytes(key, subjects[i].Value);
            sink.Element(key);
        }
    }
}

/// <summary>Pairs for which the peer's group and realm are not looked up.</summary>
internal sealed class ExceptSource(bool isEgress) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> scratch = stackalloc byte[PairKeys.Size];
        var entries = (added ? change.Added : change.Removed).Direction(isEgress).Except;
        for (var i = 0; i < entries.Count; i++)
        {
            var pair = PairKeys.Registers(isEgress, entries[i].Subject, entries[i].Peer);
            sink.Element(PairKeys.Write(scratch, pair, PortRange.Everything, 0));
        }
    }
}

/// <summary>Allowed pairs with ports of one form.</summary>
internal sealed class AllowedSource(PortForm form, bool isEgress) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> scratch = stackalloc byte[2 * PairKeys.Size];
        var entries = (added ? change.Added : change.Removed).Direction(isEgress).Allowed;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (PairKeys.FormOf(entry.Ports) != form) continue;
            var pair = PairKeys.Registers(isEgress, entry.Subject, entry.Peer);
            var first = PairKeys.Write(scratch[..PairKeys.Size], pair, entry.Ports, entry.Ports.First);
            var last = form == PortForm.Range
                ? PairKeys.Write(scratch[PairKeys.Size..], pair, entry.Ports, entry.Ports.Last) : default;
            sink.Element(first, last);
        }
    }
}

/// <summary>Verdicts of the Admin and Baseline tiers for pairs with ports of one form.</summary>
internal sealed class TierSource(PortForm form, bool isEgress) : ElementSource
{
    public override void Write<TSink>(RulesetChange change, bool added, ref TSink sink)
    {
        Span<byte> scratch = stackalloc byte[2 * PairKeys.Size], data = stackalloc byte[sizeof(uint)];
        var entries = (added ? change.Added : change.Removed).Tiers(isEgress).Entries;
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            if (PairKeys.FormOf(entry.Ports) != form) continue;
            var pair = PairKeys.TierRegisters(isEgress, entry.Subject, entry.Peer);
            var first = PairKeys.Write(scratch[..PairKeys.Size], pair, entry.Ports, entry.Ports.First);
            var last = form == PortForm.Range
                ? PairKeys.Write(scratch[PairKeys.Size..], pair, entry.Ports, entry.Ports.Last) : default;
            BitConverter.TryWriteBytes(data, (uint)entry.Verdict);
            sink.Element(first, last, data);
        }
    }
}
