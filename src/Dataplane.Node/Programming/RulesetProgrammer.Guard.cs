using Dataplane.Linux.Nftables;
using Dataplane.Rules.Nftables.Ruleset;

namespace Dataplane.Node.Programming;

/// <content>Whether the kernel still has what it was given.</content>
internal sealed partial class RulesetProgrammer
{
    /// <summary>What each set should have; null: nobody has asked since everything was loaded.</summary>
    private NftElementSum[]? _sums;

    private string? _found;
    private int _nextToCheck;
    private uint _generation;

    /// <summary>Loads everything once more where somebody else has changed the tables; connections are judged again.</summary>
    /// <returns>What was found; null: all is well.</returns>
    public string? Mend()
    {
        if (_enforced is not { } enforced || (Difference() ?? _found) is not { } found) return null;
        var compiler = _compiler ?? CompilerOf(enforced);
        _compiler = null;
        Load(compiler.Table, _epoch + 1, owned: IsOwner);
        (_compiler, _epoch) = (compiler, _epoch + 1);
        NoteGeneration();
        return found;
    }

    /// <summary>
    /// Looks whether the kernel has in one set, each time in another, what the compiler says. Nothing is mended: <see cref="Mend"/> does
    /// that, with what was found here. It costs a dump of the set; the first time after everything was loaded, also a look at the whole.
    /// </summary>
    /// <returns>What was found; null: nothing.</returns>
    public string? Check()
    {
        // After a refusal the numbers of classes are not known.
        if (_compiler is not { } compiler) return null;
        if (_sums is null)
        {
            var classes = compiler.Table;
            _sums = _tables.Sums(RulesetChange.Whole(classes, _addresses.Known(classes), _epoch));
        }
        var next = _nextToCheck++ % _sums.Length;
        var (wanted, (table, set)) = (_sums[next], _tables.Filled[next]);
        var there = NftTables.Sum(Socket, table.Family, table.Name, set.Name);
        if (there != wanted)
            _found = $"set {set.Name} of table {table.Family.ToString().ToLowerInvariant()} {table.Name}: "
                + (there is not { } has ? "missing" : has.Count != wanted.Count ? $"{has.Count} elements instead of {wanted.Count}" : "other elements");
        return _found;
    }

    /// <summary>A transaction of ours that leaves what is programmed as it is: no sign of another process.</summary>
    public void CountTransaction() => _generation++;

    /// <summary>By it alone we see that another process has changed tables that nobody owns.</summary>
    private void NoteGeneration()
    {
        if (!IsOwner) _generation = NftTables.Generation(Socket);
    }

    private string? Difference()
    {
        var there = Tables();
        foreach (var table in _tables.Tables)
        {
            var found = there.Find(t => t.Family == table.Family);
            if (found.Name is null) return $"table {table.Family.ToString().ToLowerInvariant()} {table.Name} missing";
            if (IsOwner && !found.Flags.HasFlag(NftTableFlags.Owner)) return $"table {table.Family.ToString().ToLowerInvariant()} {table.Name} without owner";
        }
        return !IsOwner && NftTables.Generation(Socket) != _generation ? "changed by another process" : null;
    }
}
