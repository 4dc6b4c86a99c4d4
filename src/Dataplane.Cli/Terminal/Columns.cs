using System.Text;

namespace Dataplane.Cli.Terminal;

/// <summary>
/// Text in columns of the necessary width, with two blanks between them and none at the end of a line. Lines are not
/// wrapped.
/// </summary>
internal sealed class Columns
{
    private readonly List<(string Text, string Painted)[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(c => (c, c))]);

    /// <param name="cells">The plain text, whose width is measured, and the coloured text, which is printed.</param>
    public void AddPainted(params (string Text, string Painted)[] cells) => _rows.Add(cells);

    public void WriteTo(TextWriter output, string indent = "")
    {
        var widths = new int[_rows.Count == 0 ? 0 : _rows.Max(r => r.Length)];
        foreach (var row in _rows)
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Text.Length);
        var line = new StringBuilder();
        foreach (var row in _rows)
        {
            line.Clear().Append(indent);
            var owed = 0;
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i].Text.Length > 0)
                {
                    line.Append(' ', owed).Append(row[i].Painted);
                    owed = 0;
                }
                owed += widths[i] - row[i].Text.Length + 2;
            }
            output.WriteLine(line);
        }
    }
}
