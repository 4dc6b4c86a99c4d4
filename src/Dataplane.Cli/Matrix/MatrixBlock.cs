using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Verification;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Matrix;

/// <summary>The content of a matrix cell. The last two values occur only in measured matrices.</summary>
internal enum Cell : byte { None, Allowed, Denied, Differs, Undecided }

/// <summary>A matrix with sources as rows, shared by all probes and families with equal cells.</summary>
/// <param name="Cells">The cells in row order.</param>
internal sealed record MatrixBlock(
    IReadOnlyList<(Probe Probe, AddressFamily Family)> Asked, IReadOnlyList<MatrixEnd> Rows,
    IReadOnlyList<MatrixEnd> Columns, Cell[] Cells)
{
    public Cell this[int from, int to] => Cells[from * Columns.Count + to];

    /// <summary>The cell as it is printed: a pod reaches itself always, which is no news.</summary>
    public Cell Shown(int from, int to) => IsItself(from, to) && this[from, to] == Cell.Allowed
        ? Cell.None : this[from, to];

    /// <summary>True if the cell is about one endpoint alone.</summary>
    public bool IsItself(int from, int to) => Rows[from].Count == 1 && Rows[from] == Columns[to];

    /// <summary>True if rows and columns are the same.</summary>
    public bool IsSquare => Rows.SequenceEqual(Columns);

    /// <summary>True if there are two different endpoints.</summary>
    public bool HasPairs => Rows.Any(row => Columns.Any(column => column != row));

    /// <summary>True if no two different endpoints have the families of this block in common.</summary>
    public bool IsEmpty => !Enumerable.Range(0, Cells.Length)
        .Any(i => Rows[i / Columns.Count] != Columns[i % Columns.Count] && Cells[i] != Cell.None);

    public bool IsAsExpected => !Cells.Contains(Cell.Differs) && !Cells.Contains(Cell.Undecided);

    /// <summary>Rows and columns exchanged.</summary>
    public MatrixBlock Transposed() => new(Asked, Columns, Rows,
    [
        .. from to in Enumerable.Range(0, Columns.Count) from row in Enumerable.Range(0, Rows.Count)
        select this[row, to],
    ]);

    /// <summary><c>TCP 80, UDP 53 · IPv4 and IPv6</c>.</summary>
    public string Title => TitleOf(Asked);

    public static string TitleOf(IEnumerable<(Probe Probe, AddressFamily Family)> asked) => string.Join("; ", asked
        .GroupBy(a => a.Probe, a => a.Family)
        .Select(g => (Probe: g.Key, Families: Words.Families(g)))
        .GroupBy(p => p.Families, p => p.Probe)
        .Select(g => $"{string.Join(", ", g)} · {g.Key}"));

    public static IReadOnlyList<MatrixBlock> Of(ReachabilityMatrix matrix) => Merge(matrix.Probes.Select(p =>
    {
        var (rows, columns) = (p.Sources.Select(MatrixEnd.Of).ToList(), p.Destinations.Select(MatrixEnd.Of).ToList());
        var cells = new Cell[rows.Count * columns.Count];
        for (var i = 0; i < cells.Length; i++) cells[i] = Of(p[i / columns.Count, i % columns.Count]);
        return new MatrixBlock([(p.Probe, p.Family)], rows, columns, cells);
    }));

    public static IReadOnlyList<MatrixBlock> Of(VerifyReport report)
    {
        var ends = report.Flows.SelectMany(f => (Endpoint[])[f.Flow.From, f.Flow.To]).Distinct()
            .OrderBy(e => e is ExternalEndpoint)
            .ThenBy(e => e.Name, StringComparer.Ordinal)
            .Select(MatrixEnd.Of)
            .ToList();
        var place = ends.Index().ToDictionary(e => e.Item.Name, e => e.Index);
        return Merge(report.Flows.GroupBy(f => (f.Flow.Probe, f.Flow.Family)).Select(g =>
        {
            var cells = new Cell[ends.Count * ends.Count];
            foreach (var f in g) cells[place[f.Flow.From.Name] * ends.Count + place[f.Flow.To.Name]] = Of(f);
            return new MatrixBlock([g.Key], ends, ends, cells);
        }));
    }

    private static Cell Of(bool? allowed) =>
        allowed switch { true => Cell.Allowed, false => Cell.Denied, null => Cell.None };

    private static Cell Of(FlowResult flow) =>
        flow.Measured == Measured.Undecided ? Cell.Undecided : flow.Agrees ? Of(flow.Expected) : Cell.Differs;

    private static List<MatrixBlock> Merge(IEnumerable<MatrixBlock> blocks)
    {
        var merged = new List<MatrixBlock>();
        foreach (var block in blocks)
        {
            var same = merged.FindIndex(m => m.Cells.AsSpan().SequenceEqual(block.Cells)
                && m.Rows.SequenceEqual(block.Rows) && m.Columns.SequenceEqual(block.Columns));
            if (same < 0) merged.Add(block);
            else merged[same] = merged[same] with { Asked = [.. merged[same].Asked, .. block.Asked] };
        }
        return merged;
    }
}
