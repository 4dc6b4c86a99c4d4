using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;

namespace Dataplane.Node.Programming;

/// <content>Checks that the kernel still has what was programmed.</content>
internal sealed partial class RulesetProgrammer
{
    /// <summary>The checksum that each set should have; null: not computed since everything was loaded.</summary>
    private NftElementSum[]? _sums;

    private string? _found;
    private int _nextToCheck;
    private uint _generation;

    /// <summary>
    /// Loads everything again where another process has changed the tables; connections are judged again.
    /// </summary>
    /// <returns>The difference that was found; null: none.</returns>
    public string? Repair()
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
    /// Compares one set in the kernel with the compiler's result, each time another one. A difference is repaired by
    /// <see cref="Repair"/>. A call costs a dump of the set; the first one after a whole load also computes all
    /// checksums.
    /// </summary>
    /// <returns>The difference that was found; null: none.</returns>
    public string? Check()
    {
        // After a refusal the numbers of the classes in the kernel are not known.
        if (_compiler is not { } compiler) return null;
        if (_sums is null)
        {
            var classes = compiler.Table;
            _sums = _tables.Sums(WithServices(
                RulesetChange.Whole(classes, _addresses.Known(classes), _epoch), Services(sorted: false)));
        }
        var next = _nextToCheck++ % _sums.Length;
        var (wanted, (table, set)) = (_sums[next], _tables.Filled[next]);
        var there = NftTables.Sum(Socket, table.Family, table.Name, set.Name);
        if (there != wanted)
            _found = $"set {set.Name} of {Text(table.Family, table.Name)}: {Difference(there, wanted)}";
        return _found;
    }

    /// <summary>
    /// Must be called after a transaction of ours that is not a change of the rules, so that it is not taken for
    /// another process's.
    /// </summary>
    public void CountTransaction() => _generation++;

    /// <summary>Only the generation shows that another process has changed tables without an owner.</summary>
    private void NoteGeneration()
    {
        if (!IsOwner) _generation = NftTables.Generation(Socket);
    }

    private static string Difference(NftElementSum? there, NftElementSum wanted)
    {
        if (there is not { } found) return "missing";
        return found.Count != wanted.Count ? $"{found.Count} elements instead of {wanted.Count}" : "other elements";
    }

    private static string Text(NftFamily family, string table) =>
        $"table {family.ToString().ToLowerInvariant()} {table}";

    private string? Difference()
    {
        var there = Tables();
        foreach (var table in _tables.Tables)
        {
            var found = there.Find(t => t.Family == table.Family);
            if (found.Name is null) return $"{Text(table.Family, table.Name)} missing";
            if (IsOwner && !found.Flags.HasFlag(NftTableFlags.Owner))
                return $"{Text(table.Family, table.Name)} without owner";
        }
        return !IsOwner && NftTables.Generation(Socket) != _generation ? "changed by another process" : null;
    }
}
