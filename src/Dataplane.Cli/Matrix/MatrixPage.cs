using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Matrix;

/// <summary>A matrix, and what is behind Services, as the cells of a page.</summary>
internal static class MatrixPage
{
    /// <param name="judged">What was judged for each cell that is not empty, in order: see
    /// <see cref="ReachabilityMatrix.Compute"/>.</param>
    public static void Add(PageBuilder page, ReachabilityMatrix matrix, IReadOnlyList<Flow> judged)
    {
        var next = 0;
        foreach (var block in matrix.Probes)
        {
            foreach (var (from, source) in block.Sources.Index())
            {
                foreach (var (to, destination) in block.Destinations.Index())
                {
                    if (block[from, to] is not { } allowed) continue;
                    page.Add(new Flow(source, destination, block.Probe, block.Family), judged[next++],
                        PageCell.Letter(allowed));
                }
            }
        }
    }

    public static void Add(PageBuilder page, IReadOnlyList<ServiceMatrix> services)
    {
        foreach (var matrix in services)
        {
            foreach (var row in matrix.Rows)
            {
                var (letter, fact) = (PageCell.Letter(row.Outcome), Fact(row));
                if (matrix.Address is { } address)
                {
                    page.AddAddress(row.From, new ExternalEndpoint(address.Address), matrix.Probe, matrix.Family,
                        letter, $"at {address} is service:{matrix.Service.Name}: {fact}");
                }
                else
                {
                    page.AddService(row.From, matrix.Service.Name, null, matrix.Probe, matrix.Family, letter, null,
                        fact);
                }
            }
        }
    }

    private static string Fact(ServiceRow row)
    {
        if (row.Backends.Count == 0) return "refused at once: nothing is behind it";
        var backends = string.Join(", ", row.Backends.Select(b => $"{b.Name} {Words.Value(b.Allowed)}"));
        var ways = string.Concat(row.Ways.Select(w => $"; {w.Name} {Words.Value(w.Outcome)}"));
        return $"behind it: {backends}{ways}";
    }
}
