using Dataplane.Cli.Matrix;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Verification;

namespace Dataplane.Cli.Verify;

/// <summary>
/// Services as text: under each port of one, who reaches what. Sources for which the same was measured share a line.
/// </summary>
internal static class ServiceLines
{
    /// <summary>Largest number of sources that a line names.</summary>
    private const int MostNamed = 6;

    public static void Write(Printer output, Ansi colours, IReadOnlyList<ServiceResult> results)
    {
        var ports = results.GroupBy(r => (r.Service, r.Probe)).OrderBy(g => g.Key.Service, StringComparer.Ordinal);
        foreach (var port in ports)
        {
            var families = Words.Families(port.Select(r => r.Family).Distinct());
            output.WriteLine($"\n{colours.Bold($"service:{port.Key.Service}")}   {port.Key.Probe} · {families}");
            var columns = new Columns();
            foreach (var line in port.GroupBy(r => r.From).Select(g => (Source: g.Key, Fate: Fate(g.ToList())))
                .GroupBy(s => s.Fate, s => s.Source))
            {
                var sources = line.Order(StringComparer.Ordinal).ToList();
                columns.Add($"  {line.Key.Verdict}", Names(sources), line.Key.Backends);
            }
            columns.WriteTo(output);
        }
    }

    public static void WriteProblems(Printer output, Ansi colours, IReadOnlyList<ServiceResult> problems)
    {
        foreach (var problem in problems)
        {
            var sign = MatrixTable.Sign(problem.Measured == Measured.Undecided ? Cell.Undecided : Cell.Differs);
            output.WriteLine($"\n{colours.Red(sign)} {ServiceSentences.Title(problem)}   expected "
                + $"{Words.Verdict(problem.Expected)}   measured {Words.Verdict(problem.Measured)}");
            output.WriteLine($"    kernel  {ServiceSentences.Kernel(problem)}");
        }
    }

    private static (string Verdict, string Backends) Fate(IReadOnlyList<ServiceResult> results)
    {
        var measured = results.Select(r => r.Measured).Distinct().ToList();
        return measured is [var one]
            ? (Words.Verdict(one), string.Join(", ", Backends(results)))
            : ("PARTIAL", string.Join("; ", results.GroupBy(r => r.Measured).OrderBy(g => g.Key)
                .Select(g => $"{Words.Verdict(g.Key)} {string.Join(", ", Backends(g).Concat(Frontends(g)))}")));
    }

    private static IEnumerable<string> Backends(IEnumerable<ServiceResult> results) =>
        results.Select(r => r.Backend).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <summary>Where nothing was chosen, by what was asked.</summary>
    private static IEnumerable<string> Frontends(IEnumerable<ServiceResult> results) =>
        results.Where(r => r.Backend is null).Select(r => $"at {r.Frontend}").Distinct()
            .Order(StringComparer.Ordinal);

    private static string Names(List<string> names) => names.Count <= MostNamed ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNamed))} and {names.Count - MostNamed} more";
}
