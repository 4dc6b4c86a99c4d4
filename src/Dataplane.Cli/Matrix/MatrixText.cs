using Dataplane.Cli.Terminal;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Matrix;

/// <summary>A matrix as CSV, one flow a line, and as Markdown.</summary>
internal static class MatrixText
{
    /// <summary>Values need no quotes: names are DNS labels, the others are words and numbers.</summary>
    public static void WriteCsv(TextWriter output, ReachabilityMatrix matrix)
    {
        output.WriteLine("protocol,port,family,from,to,verdict");
        foreach (var block in matrix.Probes)
        {
            var start = $"{block.Probe.Protocol.Text()},{block.Probe.Port},{block.Family.Text()}";
            for (var from = 0; from < block.Endpoints.Count; from++)
            {
                for (var to = 0; to < block.Endpoints.Count; to++)
                {
                    if (block[from, to] is { } allowed)
                    {
                        output.WriteLine(
                            $"{start},{block.Endpoints[from].Name},{block.Endpoints[to].Name},{Words.Value(allowed)}");
                    }
                }
            }
        }
    }

    public static void WriteMarkdown(TextWriter output, IReadOnlyList<MatrixBlock> blocks)
    {
        foreach (var (i, block) in blocks.Index())
        {
            if (i > 0) output.WriteLine();
            output.WriteLine($"### {block.Title}\n");
            output.WriteLine($"| from \\ to | {string.Join(" | ", block.Names)} |");
            output.WriteLine($"|---|{string.Concat(block.Names.Select(_ => ":-:|"))}");
            for (var from = 0; from < block.Names.Count; from++)
            {
                var row = from;
                var signs = block.Names.Select((_, to) => MatrixTable.Sign(block.Shown(row, to)));
                output.WriteLine($"| {block.Names[from]} | {string.Join(" | ", signs)} |");
            }
        }
    }
}
