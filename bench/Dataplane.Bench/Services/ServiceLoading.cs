using System.Net.Sockets;
using Dataplane.Linux.Netlink;
using Dataplane.Linux.Nftables;
using Dataplane.Node.Programming;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables.Render;

namespace Dataplane.Bench;

/// <summary>
/// 10,000 Services of three endpoints into a fresh namespace: by us, the same bytes by a C program, ours as text by
/// Debian's nft, and what iptables needs for as many.
/// </summary>
internal static class ServiceLoading
{
    private const int Services = 10_000, Runs = 9, NftRuns = 3;

    public static void Run()
    {
        var cluster = TypicalServices.With(TypicalCluster.Of(10, 10), Services, AddressFamily.InterNetwork);
        using var directory = new TempDirectory();
        var (bytes, text, legacy) = (directory["batch"], directory["rules.nft"], directory["iptables"]);
        File.WriteAllText(text, OfflineRuleset.Of(cluster).Text());
        ServiceLegacyRules.Write(Services, legacy);
        Write(cluster, bytes);
        var (ours, c, nft) = (new List<double>(), new List<double>(), new List<double>());
        var elements = Load(cluster).Elements;
        for (var run = 0; run < Runs; run++)
        {
            ours.Add(Load(cluster).Milliseconds);
            c.Add(Yardsticks.Run("nftsend", bytes)["load_ms"]);
            if (run < NftRuns) nft.Add(Took(null, "nft", "-f", text));
        }
        var what = $"load {Services:N0} Services x {TypicalServices.Endpoints}, {elements:N0} elements";
        Figures.Bar(what, ours, "nftsend (C), the same bytes", c, 1.3, "ms");
        Figures.Bar(what, ours, "nft -f", nft, 0.05, "ms");
        if (!Yardsticks.Has("iptables-restore"))
        {
            Figures.Skipped(what, "iptables is not installed");
            return;
        }
        var restore = Took(legacy, "iptables-restore");
        Figures.Line($"{what}: iptables-restore, a chain for each Service and endpoint", $"{restore:N0} ms",
            $"ours {Figures.Spread(Figures.Ratios([Figures.Median(ours)], [restore]))} of it");
    }

    private static double Took(string? input, string program, params string[] arguments)
    {
        using var netns = new ScratchNetns();
        return Figures.Milliseconds(() => netns.Run(input, program, arguments));
    }

    private static (double Milliseconds, int Elements) Load(Cluster cluster)
    {
        using var node = new SimulatedCluster(cluster);
        return (node.Loaded, node.Elements);
    }

    /// <summary>The bytes that a load sends.</summary>
    private static void Write(Cluster cluster, string file)
    {
        using var node = new SimulatedCluster(cluster);
        using var netns = new ScratchNetns();
        using var socket = netns.Open(NetlinkProtocol.Netfilter);
        using var batch = new NftBatch(socket);
        NftNetlinkRenderer.Create(batch, node.Programmed.Tables, NftTableFlags.None);
        batch.End();
        batch.Writer.End();
        File.WriteAllBytes(file, batch.Writer.Written.ToArray());
    }
}
