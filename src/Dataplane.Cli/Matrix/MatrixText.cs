using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Matrix;

/// <summary>A matrix as CSV, one flow a line, and as Markdown.</summary>
internal static class MatrixText
{
    public static void WriteCsv(Printer output, ReachabilityMatrix matrix)
    {
        output.WriteLine("protocol,port,family,from,to,verdict");
        foreach (var block in matrix.Probes)
        {
            var start = $"{block.Probe.Protocol.Text()},{block.Probe.Port},{block.Family.Text()}";
            for (var from = 0; from < block.Sources.Count; from++)
            {
                for (var to = 0; to < block.Destinations.Count; to++)
                {
                    if (block[from, to] is { } allowed)
                    {
                        var (source, destination) = (block.Sources[from].Name, block.Destinations[to].Name);
                        output.WriteLine(
                            $"{start},{Csv.Field(source)},{Csv.Field(destination)},{Words.Value(allowed)}");
                    }
                }
            }
        }
    }

    public static void WriteMarkdown(Printer output, IReadOnlyList<MatrixBlock> blocks)
    {
        foreach (var (i, block) in blocks.Select(MatrixFold.Fold).Index())
        {
            if (i > 0) output.WriteLine();
            output.WriteLine($"### {block.Title}\n");
            var heads = block.Columns.Select(c => Markdown.Cell(c.Text));
            output.WriteLine($"| from \\ to | {string.Join(" | ", heads)} |");
            output.WriteLine($"|---|{string.Concat(block.Columns.Select(_ => ":-:|"))}");
            for (var from = 0; from < block.Rows.Count; from++)
            {
                var row = from;
                var signs = block.Columns.Select((_, to) => MatrixTable.Sign(block.Shown(row, to)));
                output.WriteLine($"| {Markdown.Cell(block.Rows[from].Text)} | {string.Join(" | ", signs)} |");
            }
        }
    }
}
