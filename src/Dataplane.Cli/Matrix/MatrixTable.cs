using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Matrix;

/// <summary>Prints matrices as text: signs with a legend; columns have names if they fit, otherwise numbers.</summary>
internal static class MatrixTable
{
    /// <summary>Width of a common terminal in columns.</summary>
    private const int Comfortable = 100;

    /// <param name="measured">True if the cells compare measured verdicts with expected ones.</param>
    public static void Write(TextWriter output, Ansi colours, IReadOnlyList<MatrixBlock> blocks, bool measured = false)
    {
        foreach (var block in blocks)
        {
            var remark = !measured ? "" : block.IsAsExpected ? "   expected = measured" : "   not all as expected";
            output.WriteLine(colours.Bold(block.Title) + remark);
            Write(output, colours, block);
            output.WriteLine();
        }
        if (blocks.Count > 0) output.WriteLine(Legend(blocks));
    }

    private static void Write(TextWriter output, Ansi colours, MatrixBlock block)
    {
        var names = block.Names;
        var widest = names.Max(n => n.Length);
        var byName = names.Sum(n => n.Length + 2) + widest <= Comfortable;
        var columns = new Columns();
        columns.Add(["from ↓  to →", .. names.Select((n, i) => byName ? n : $"[{i}]")]);
        for (var from = 0; from < names.Count; from++)
        {
            var row = from;
            columns.AddPainted([Plain(byName ? names[row] : $"[{row}] {names[row]}"),
                .. names.Select((_, to) =>
                    Sign(
                        block.Shown(row, to),
                        colours,
                        byName ? names[to].Length : $"[{to}]".Length))]);
        }
        columns.WriteTo(output);
    }

    /// <summary>Centres the sign in its column.</summary>
    private static (string Text, string Painted) Sign(Cell cell, Ansi colours, int width)
    {
        var left = new string(' ', (width - 1) / 2);
        var sign = Sign(cell);
        return (left + sign, left + cell switch
        {
            Cell.Allowed => colours.Green(sign),
            Cell.Differs or Cell.Undecided => colours.Red(sign),
            _ => colours.Dim(sign),
        });
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
        return legend;
    }

    private static (string, string) Plain(string text) => (text, text);
}
