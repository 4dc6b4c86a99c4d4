using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Matrix;

/// <summary>
/// Prints matrices as a list: for each destination who reaches it, or for each source what it reaches. Ports and
/// families with the same answer share a line.
/// </summary>
internal static class MatrixList
{
    /// <param name="bySource">One line a source instead of a destination.</param>
    public static void Write(Printer output, Ansi colours, IReadOnlyList<MatrixBlock> blocks, bool bySource)
    {
        var lines = blocks.Select(MatrixFold.Fold)
            .SelectMany(block => Lines(bySource ? block.Transposed() : block, bySource))
            .GroupBy(line => (line.End, line.Answer))
            .OrderBy(g => g.Key.End.Namespace is null)
            .ThenBy(g => g.Key.End.Name, StringComparer.Ordinal);
        var columns = new Columns();
        columns.Add(bySource ? ["from", "port", "reaches"] : ["to", "port", "reached by"]);
        foreach (var line in lines)
        {
            var (text, isOpen) = line.Key.Answer;
            var title = MatrixBlock.TitleOf(line.SelectMany(l => l.Asked));
            columns.Add(line.Key.End.Text, title, isOpen ? text : colours.Dim(text));
        }
        columns.WriteTo(output);
    }

    /// <summary>A line for each column that is asked about at all.</summary>
    private static IEnumerable<(MatrixEnd End, IReadOnlyList<(Probe, AddressFamily)> Asked, (string, bool) Answer)>
        Lines(MatrixBlock block, bool bySource)
    {
        for (var column = 0; column < block.Columns.Count; column++)
        {
            var others = Enumerable.Range(0, block.Rows.Count)
                .Where(row => block[row, column] != Cell.None && !block.IsItself(row, column))
                .ToLookup(row => block[row, column], row => block.Rows[row]);
            if (others.Count > 0) yield return (block.Columns[column], block.Asked, Answer(others, bySource));
        }
    }

    private static (string Text, bool IsOpen) Answer(ILookup<Cell, MatrixEnd> others, bool bySource)
    {
        MatrixEnd[] allowed = [.. others[Cell.Allowed]];
        MatrixEnd[] closed = [.. others.Where(g => g.Key != Cell.Allowed).SelectMany(g => g)];
        List<string> parts = [.. Names(allowed, closed)];
        if (parts.Count == 0) parts.Add(bySource ? "nothing" : "nobody");
        foreach (var cell in (Cell[])[Cell.Differs, Cell.Undecided])
            parts.AddRange(others[cell].Select(end => $"{MatrixTable.Sign(cell)} {end}"));
        return (string.Join(", ", parts), allowed.Length > 0);
    }

    /// <summary>
    /// <c>all 5</c>, or names; <c>shop/* (3)</c> stands for all of a namespace that are asked about.
    /// </summary>
    private static IEnumerable<string> Names(MatrixEnd[] allowed, MatrixEnd[] closed)
    {
        if (closed.Length == 0 && allowed.Length > 1) return [$"all {allowed.Sum(e => e.Count)}"];
        var mixed = closed.Select(e => e.Namespace).ToHashSet();
        return allowed.GroupBy(e => e.Namespace).SelectMany(g =>
            g.Key is null || mixed.Contains(g.Key) || g.Count() == 1
                ? g.Select(e => e.Text) : [$"{g.Key}/* ({g.Sum(e => e.Count)})"]);
    }
}
