using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// The netlink part of one endpoint less and one more, beside 10,000 Services and beside 10; and beside the nft
/// program.
/// </summary>
internal static class ServiceChanges
{
    private const int Many = 10_000, Few = 10, WarmUp = 100, Runs = 100, NftRuns = 9;

    public static void Run()
    {
        var (many, few) = (Clusters(Many), Clusters(Few));
        using var large = new SimulatedCluster(many.Whole);
        using var small = new SimulatedCluster(few.Whole);
        var (less, more) = (new List<double>(), new List<double>());
        var (smallLess, smallMore) = (new List<double>(), new List<double>());
        var elements = (Less: 0, More: 0);
        // Warm as in a daemon that has been running for a while.
        for (var run = -WarmUp; run < Runs; run++)
        {
            var (gone, smallGone) = (large.Change(many.Less), small.Change(few.Less));
            var (come, smallCome) = (large.Change(many.Whole), small.Change(few.Whole));
            if (run < 0) continue;
            less.Add(gone.Milliseconds);
            smallLess.Add(smallGone.Milliseconds);
            more.Add(come.Milliseconds);
            smallMore.Add(smallCome.Milliseconds);
            elements = (gone.Elements, come.Elements);
        }
        var what = $"netlink part of one endpoint less at {Many:N0} Services ({elements.Less} elements)";
        Figures.Bar(what, less, $"at {Few} Services", smallLess, 1.5, "ms");
        Figures.Bar($"netlink part of one endpoint more at {Many:N0} Services ({elements.More} elements)", more,
            $"at {Few} Services", smallMore, 1.5, "ms");
        var nft = Nft(large, many.Whole, many.Less);
        Figures.Line(what, $"nft -f of the same: {Figures.Median(nft):N1} ms",
            $"ours 1/{Figures.Median(nft) / Figures.Median(less):N0} of it");
    }

    private static (Cluster Whole, Cluster Less) Clusters(int services)
    {
        var whole = TypicalServices.With(TypicalCluster.Of(10, 10), services, AddressFamily.InterNetwork);
        return (whole, TypicalServices.WithoutOneEndpoint(whole));
    }

    private static List<double> Nft(SimulatedCluster cluster, Cluster whole, Cluster less)
    {
        using var netns = new ScratchNetns();
        using var directory = new TempDirectory();
        var all = cluster.Text();
        cluster.Change(less);
        var after = cluster.Text();
        netns.Run(null, "nft", "-f", directory.Write("all", all));
        var (there, back) = (directory.Write("there", TextChange.Between(all, after)),
            directory.Write("back", TextChange.Between(after, all)));
        var took = new List<double>();
        for (var run = 0; run < NftRuns; run++)
        {
            took.Add(Figures.Milliseconds(() => netns.Run(null, "nft", "-f", there)));
            netns.Run(null, "nft", "-f", back);
        }
        return took;
    }
}
