using Dataplane.Node.Programming;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// The ruleset of 10,000 pods into a fresh namespace: by us, as many elements by a C program, ours as text by Debian's
/// nft, and what ipset and iptables need for as many pods and policies.
/// </summary>
internal static class Loading
{
    private const int Pods = 10_000, Policies = 1_000, Runs = 9;

    public static void Run()
    {
        var cluster = TypicalCluster.Of(Pods, Policies);
        var (ours, c, nft, legacy) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        using var directory = new TempDirectory();
        var (text, sets, rules) = (directory["rules.nft"], directory["ipset"], directory["iptables"]);
        File.WriteAllText(text, OfflineRuleset.Of(cluster).Text());
        LegacyRules.Write(Pods, Policies, sets, rules);
        var hasLegacy = Yardsticks.Has("ipset") && Yardsticks.Has("iptables-restore");
        var elements = Load(cluster).Elements;
        for (var run = 0; run < Runs; run++)
        {
            ours.Add(Load(cluster).Milliseconds);
            c.Add(Yardsticks.Run("nftload", $"{Pods}", $"{elements - (2 * Pods)}")["load_ms"]);
            using (var netns = new ScratchNetns())
                nft.Add(Figures.Milliseconds(() => netns.Run(null, "nft", "-f", text)));
            if (!hasLegacy) continue;
            using var other = new ScratchNetns();
            legacy.Add(Figures.Milliseconds(() => other.Run(sets, "ipset", "restore"))
                + Figures.Milliseconds(() => other.Run(rules, "iptables-restore")));
        }
        var what = $"load {Pods:N0} pods, {elements:N0} elements";
        Figures.Bar(what, ours, "nftload (C)", c, 1.3, "ms");
        Figures.Line($"{what}: nft -f", $"{Figures.Median(nft):N0} ms",
            $"ours {Figures.Spread(Figures.Ratios(ours, nft))} of it, "
                + $"nftload (C) {Figures.Spread(Figures.Ratios(c, nft))}");
        if (hasLegacy)
        {
            Figures.Line($"{what}: ipset restore and iptables-restore", $"{Figures.Median(legacy):N0} ms",
                $"ours {Figures.Spread(Figures.Ratios(ours, legacy))} of it");
        }
        else
        {
            Figures.Skipped(what, "ipset and iptables are not installed and could not be");
        }
    }

    private static (double Milliseconds, int Elements) Load(Cluster cluster)
    {
        using var node = new SimulatedCluster(cluster);
        return (node.Loaded, node.Elements);
    }
}
