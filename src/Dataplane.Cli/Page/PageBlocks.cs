using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Page;

/// <summary>The cells of a page as they are found, and the matrices that they become.</summary>
internal sealed class PageBlocks(PageEnds ends)
{
    private readonly Dictionary<(Probe, AddressFamily), Dictionary<(int From, int To), PageCell>> _cells = [];
    private readonly Dictionary<string, int> _factNumbers = [];
    private readonly List<string> _facts = [];

    public IReadOnlyList<string> Facts => _facts;

    public void Add(Probe probe, AddressFamily family, Endpoint from, int to, PageCell cell)
    {
        if (!_cells.TryGetValue((probe, family), out var cells)) _cells[(probe, family)] = cells = [];
        cells[(ends.Of(from), to)] = cell;
    }

    /// <returns>A place in <see cref="Facts"/>.</returns>
    public int Fact(string sentence)
    {
        if (_factNumbers.TryGetValue(sentence, out var number)) return number;
        _facts.Add(sentence);
        return _factNumbers[sentence] = _facts.Count - 1;
    }

    /// <summary>One for each probe and family, in the order in which they were found.</summary>
    public IReadOnlyList<PageBlock> All => [.. _cells.Select(b => Block(b.Key.Item1, b.Key.Item2, b.Value))];

    private PageBlock Block(Probe probe, AddressFamily family, Dictionary<(int From, int To), PageCell> cells)
    {
        var from = Order(cells.Keys.Select(k => k.From));
        var to = Order(cells.Keys.Select(k => k.To));
        IReadOnlyList<IReadOnlyList<PageCell?>> rows =
            [.. from.Select(f => to.Select(t => cells.GetValueOrDefault((f, t))).ToList())];
        return new PageBlock(probe.Protocol.Text(), probe.Port, family.Text(), from, to,
            [.. rows.Select(row => string.Concat(row.Select(c => c?.Verdict ?? PageCell.Nothing)))],
            cells.Values.Any(c => c.Expected is not null)
                ? [.. rows.Select(row => string.Concat(row.Select(c => c?.Expected ?? PageCell.Nothing)))] : null,
            Numbers(c => c.Reason), Numbers(c => c.Fact));

        IReadOnlyList<IReadOnlyList<int>>? Numbers(Func<PageCell, int?> of) => !cells.Values.Any(c => of(c) is not null)
            ? null : [.. rows.Select(row => row.Select(c => c is null ? -1 : of(c) ?? -1).ToList())];
    }

    /// <summary>Pods by name, then Services, then what is outside.</summary>
    private List<int> Order(IEnumerable<int> places) => [.. places.Distinct()
        .OrderBy(i => ends.All[i].Namespace is null).ThenBy(i => ends.All[i].Kind == "service")
        .ThenBy(i => ends.All[i].Name, StringComparer.Ordinal)];
}

/// <summary>What is known of one flow.</summary>
/// <param name="Verdict">See <see cref="PageBlock.Cells"/>; <paramref name="Expected"/> likewise, null where nothing
/// was measured.</param>
/// <param name="Reason">A place in the list of reasons, <paramref name="Fact"/> in that of facts.</param>
internal sealed record PageCell(char Verdict, char? Expected, int? Reason, int? Fact)
{
    public const char Nothing = '-';

    public static char Letter(bool allowed) => allowed ? 'a' : 'd';

    public static char Letter(Outcome outcome) => outcome switch
    {
        Outcome.Allowed => 'a',
        Outcome.Denied => 'd',
        Outcome.Refused => 'r',
        _ => 'p',
    };
}
