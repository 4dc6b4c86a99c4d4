using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Page;

/// <summary>The cells of a page as they are found, and the matrices that they become.</summary>
internal sealed class PageBlocks(PageEnds ends)
{
    private readonly Dictionary<(Probe, AddressFamily), Cells> _blocks = [];
    private readonly Numbered<string> _facts = new();
    private readonly Numbered<PageCell> _kinds = new();

    public IReadOnlyList<string> Facts => _facts.All;

    /// <summary>One for each probe and family, in the order in which they were found.</summary>
    public IReadOnlyList<PageBlock> All => [.. _blocks.Select(b => Block(b.Key.Item1, b.Key.Item2, b.Value))];

    public void Add(Probe probe, AddressFamily family, Endpoint from, int to, PageCell cell)
    {
        if (!_blocks.TryGetValue((probe, family), out var cells)) _blocks[(probe, family)] = cells = new Cells();
        cells.Set(ends.Of(from), to, _kinds.Of(cell));
    }

    /// <returns>A place in <see cref="Facts"/>.</returns>
    public int Fact(string sentence) => _facts.Of(sentence);

    private PageBlock Block(Probe probe, AddressFamily family, Cells cells)
    {
        var (from, to) = (Order(cells.Rows), Order(cells.Columns));
        return new PageBlock(probe.Protocol.Text(), probe.Port, family.Text(), from, to,
            Letters(c => c.Verdict)!, Letters(c => c.Expected), Numbers(c => c.Reason), Numbers(c => c.Fact));

        IEnumerable<PageCell?> Row(int row) => to.Select(column => cells.At(row, column) is var kind and >= 0
            ? _kinds.All[kind] : null);

        IReadOnlyList<string>? Letters(Func<PageCell, char?> of) => !IsSaid(cell => of(cell) is not null) ? null
            : [.. from.Select(row =>
                string.Concat(Row(row).Select(c => (c is null ? null : of(c)) ?? PageCell.Nothing)))];

        IReadOnlyList<IReadOnlyList<int>>? Numbers(Func<PageCell, int?> of) => !IsSaid(cell => of(cell) is not null)
            ? null
            : [.. from.Select(row => Row(row).Select(c => (c is null ? null : of(c)) ?? -1).ToArray())];

        bool IsSaid(Func<PageCell, bool> isSaid) =>
            from.Any(row => Row(row).Any(cell => cell is not null && isSaid(cell)));
    }

    /// <summary>Pods by name, then Services, then what is outside.</summary>
    private List<int> Order(IEnumerable<int> places) => [.. places
        .OrderBy(i => ends.All[i].Namespace is null).ThenBy(i => ends.All[i].Kind == "service")
        .ThenBy(i => ends.All[i].Name, StringComparer.Ordinal)];

    /// <summary>Values, each with the number of its first appearance.</summary>
    private sealed class Numbered<T> where T : notnull
    {
        private readonly Dictionary<T, int> _places = [];
        private readonly List<T> _all = [];

        public IReadOnlyList<T> All => _all;

        public int Of(T value)
        {
            if (_places.TryGetValue(value, out var place)) return place;
            _all.Add(value);
            return _places[value] = _all.Count - 1;
        }
    }

    /// <summary>Millions of cells: a number each, in rows as long as they must be.</summary>
    private sealed class Cells
    {
        private readonly Dictionary<int, List<int>> _rows = [];
        private readonly Dictionary<int, int> _columns = [];

        public IEnumerable<int> Rows => _rows.Keys;

        public IEnumerable<int> Columns => _columns.Keys;

        public void Set(int row, int column, int kind)
        {
            if (!_columns.TryGetValue(column, out var place)) _columns[column] = place = _columns.Count;
            if (!_rows.TryGetValue(row, out var cells)) _rows[row] = cells = [];
            while (cells.Count <= place) cells.Add(-1);
            cells[place] = kind;
        }

        /// <summary>-1: there is none.</summary>
        public int At(int row, int column) =>
            _columns[column] is var place && _rows[row] is var cells && place < cells.Count ? cells[place] : -1;
    }
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
