using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Text in columns of the necessary width, with two blanks between them and none at the end of a line. Lines are not
/// wrapped.
/// </summary>
/// <param name="least">Least widths of the first columns, in cells, for rows that are printed as they come.</param>
internal sealed class Columns(params int[] least)
{
    private readonly List<Painted[]> _rows = [];

    public void Add(params Painted[] cells) =>
        _rows.Add([.. cells.Select(c => c with { Text = Visible.Line(c.Text) })]);

    public void WriteTo(Printer output, string indent = "")
    {
        var widths = new int[Math.Max(least.Length, _rows.Count == 0 ? 0 : _rows.Max(r => r.Length))];
        least.CopyTo(widths, 0);
        foreach (var row in _rows)
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], Cells.Of(row[i].Text));
        foreach (var row in _rows)
        {
            output.Write(indent);
            var owed = 0;
            for (var i = 0; i < row.Length; i++)
            {
                var cells = Cells.Of(row[i].Text);
                if (cells > 0)
                {
                    output.Write($"{new string(' ', owed)}{row[i]}");
                    owed = 0;
                }
                owed += widths[i] - cells + 2;
            }
            output.WriteLine();
        }
    }
}
