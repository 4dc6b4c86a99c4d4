using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Matrix;

/// <summary>
/// Prints matrices as text: signs with a legend. What fits the terminal is chosen: columns with names, the matrix
/// transposed, columns with numbers, or a list. Replicas that answer alike are one row and one column.
/// </summary>
internal static class MatrixTable
{
    private const int Gap = 2;

    /// <param name="width">Number of columns of the terminal.</param>
    /// <param name="measured">True if the cells compare measured verdicts with expected ones.</param>
    public static void Write(
        Printer output, Ansi colours, int width, IReadOnlyList<MatrixBlock> blocks, bool measured = false)
    {
        var folded = blocks.Select(MatrixFold.Fold).ToList();
        var signs = false;
        foreach (var block in folded)
        {
            var remark = !measured ? "" : block.IsAsExpected ? "   expected = measured" : "   not all as expected";
            output.WriteLine($"{colours.Bold(block.Title)}{remark}");
            signs |= Write(output, colours, width, block);
            output.WriteLine();
        }
        if (signs) output.WriteLine(Legend(folded));
        else if (Replicas(folded) is { Length: > 0 } replicas) output.WriteLine(replicas.TrimStart());
    }

    /// <returns>False: it is a list, without signs.</returns>
    private static bool Write(Printer output, Ansi colours, int width, MatrixBlock block)
    {
        var turned = block.Transposed();
        if (WidthByName(block) <= width)
        {
            WriteSigns(output, colours, block, "from ↓  to →");
        }
        else if (WidthByName(turned) <= width)
        {
            WriteSigns(output, colours, turned, "to ↓  from →");
        }
        else if (block.IsSquare && WidthByNumber(block) <= width)
        {
            WriteSigns(output, colours, block, "from ↓  to →", numbers: true);
        }
        else
        {
            MatrixList.Write(output, colours, [block], bySource: false);
            return false;
        }
        return true;
    }

    private static int WidthByName(MatrixBlock block) => Width(block.Rows, block.Columns.Select(c => c.Text.Length));

    private static int WidthByNumber(MatrixBlock block) => $"[{block.Rows.Count}] ".Length
        + Width(block.Rows, block.Columns.Select((_, i) => $"[{i}]".Length));

    private static int Width(IReadOnlyList<MatrixEnd> rows, IEnumerable<int> columns) =>
        rows.Max(row => row.Text.Length) + columns.Sum(column => column + Gap);

    private static void WriteSigns(
        Printer output, Ansi colours, MatrixBlock block, string corner, bool numbers = false)
    {
        var columns = new Columns();
        string[] heads = [.. block.Columns.Select((c, i) => numbers ? $"[{i}]" : c.Text)];
        columns.Add([corner, .. heads]);
        for (var from = 0; from < block.Rows.Count; from++)
        {
            var row = from;
            columns.Add([numbers ? $"[{row}] {block.Rows[row]}" : block.Rows[row].Text,
                .. heads.Select((head, to) => Sign(block.Shown(row, to), colours, head.Length))]);
        }
        columns.WriteTo(output);
    }

    /// <summary>Centres the sign in its column.</summary>
    private static Painted Sign(Cell cell, Ansi colours, int width)
    {
        var sign = new string(' ', (width - 1) / 2) + Sign(cell);
        return cell switch
        {
            Cell.Allowed => colours.Green(sign),
            Cell.Differs or Cell.Undecided => colours.Red(sign),
            _ => colours.Dim(sign),
        };
    }

    /// <summary>The sign of a cell, one character.</summary>
    public static string Sign(Cell cell) =>
        cell switch
        {
            Cell.Allowed => "✓",
            Cell.Denied => "·",
            Cell.Differs => "✗",
            Cell.Undecided => "?",
            _ => "–",
        };

    private static string Legend(IReadOnlyList<MatrixBlock> blocks)
    {
        var legend = "✓ allowed   · denied   – itself, or no such flow";
        if (blocks.Any(b => b.Cells.Contains(Cell.Differs))) legend += "   ✗ not as expected";
        if (blocks.Any(b => b.Cells.Contains(Cell.Undecided))) legend += "   ? undecided";
        return legend + Replicas(blocks);
    }

    /// <summary>How replicas that are one row are written, with a gap before it; empty where there are none.</summary>
    public static string Replicas(IReadOnlyList<MatrixBlock> blocks)
    {
        var ends = blocks.SelectMany(b => b.Rows.Concat(b.Columns)).Where(e => e.Count > 1).ToList();
        return (ends.Exists(e => e.IsWhole) ? "   ×N replicas that answer alike" : "")
            + (ends.Exists(e => !e.IsWhole) ? "   +N other replicas that answer alike" : "");
    }
}
