using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Bench;

/// <summary>
/// The netlink part of one policy edited and of one pod added, on a large node and on a small one, beside C and beside
/// the nft program.
/// </summary>
internal static class Changes
{
    private const int Large = 10_000, Small = 100, WarmUp = 300, Runs = 100, NftRuns = 15;

    public static void Run()
    {
        using var large = new SimulatedCluster(TypicalCluster.Of(Large, Large / 10));
        using var small = new SimulatedCluster(TypicalCluster.Of(Small, Small / 10));
        var (edit, smallEdit, add, smallAdd) =
            (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (nftEdit, nftAdd) = (new List<double>(), new List<double>());
        using var netns = new ScratchNetns();
        var text = Path.GetTempFileName();
        try
        {
            var elements = (Edit: 0, Add: 0);
            // Warm as in a daemon that has been running for a while.
            for (var run = -WarmUp; run < Runs; run++)
            {
                var edited = large.Change(Edited(large.Cluster, WarmUp + run));
                var editedSmall = small.Change(Edited(small.Cluster, WarmUp + run));
                var added = large.Change(WithPod(large.Cluster, WarmUp + run));
                var addedSmall = small.Change(WithPod(small.Cluster, WarmUp + run));
                if (run < 0) continue;
                edit.Add(edited.Milliseconds);
                smallEdit.Add(editedSmall.Milliseconds);
                add.Add(added.Milliseconds);
                smallAdd.Add(addedSmall.Milliseconds);
                elements = (edited.Elements, added.Elements);
            }
            File.WriteAllText(text, large.Text());
            var whole = Figures.Milliseconds(() => netns.Run(null, "nft", "-f", text));
            for (var run = 0; run < NftRuns; run++)
            {
                nftEdit.Add(Nft(() => large.Change(Edited(large.Cluster, WarmUp + Runs + run))));
                nftAdd.Add(Nft(() => large.Change(WithPod(large.Cluster, WarmUp + Runs + run))));
            }
            var c = Yardsticks.Run("nftload", $"{Large}", $"{large.Elements - (2 * Large)}");
            var (policy, pod) = ($"netlink part of a policy edited at {Large:N0} pods ({elements.Edit} elements)",
                $"netlink part of a pod added at {Large:N0} pods ({elements.Add} elements)");
            Figures.Bar(policy, edit, $"at {Small} pods", smallEdit, 1.5, "ms");
            Figures.Bar(pod, add, $"at {Small} pods", smallAdd, 1.5, "ms");
            Figures.Line(policy, $"nft -f of the same: {Figures.Median(nftEdit):N1} ms",
                $"ours {Figures.Spread(Figures.Ratios(edit, nftEdit))} of it");
            Figures.Line(pod, $"nft -f of the same: {Figures.Median(nftAdd):N1} ms",
                $"ours {Figures.Spread(Figures.Ratios(add, nftAdd))} of it");
            Figures.Line("nft -f of everything", $"{whole:N0} ms",
                $"a policy edited 1/{whole / Figures.Median(edit):N0}, "
                    + $"a pod added 1/{whole / Figures.Median(add):N0} of it");
            Figures.Line("nftload (C): a policy of four elements, a pod of twelve",
                $"{c["policy_ms"]:N4} ms, {c["pod_ms"]:N4} ms");
        }
        finally
        {
            File.Delete(text);
        }

        // What a change of ours did, done by nft where everything was loaded by nft.
        double Nft(Action change)
        {
            var before = large.Text();
            change();
            File.WriteAllText(text, TextChange.Between(before, large.Text()));
            return Figures.Milliseconds(() => netns.Run(null, "nft", "-f", text));
        }
    }

    /// <summary>A policy in the middle, and one that names ports, has other ones.</summary>
    private static Cluster Edited(Cluster cluster, int change)
    {
        var at = cluster.NetworkPolicies.Count / 2;
        while (cluster.NetworkPolicies[at].Ingress is not [{ Ports.Count: > 0 }]) at++;
        var policy = cluster.NetworkPolicies[at];
        var rule = policy.Ingress[0];
        return cluster with
        {
            NetworkPolicies = [.. cluster.NetworkPolicies.Take(at), policy with
            {
                Ingress =
                    [rule with { Ports = [rule.Ports[0] with { Port = (ushort)(1000 + change), EndPort = null }] }],
            }, .. cluster.NetworkPolicies.Skip(at + 1)],
        };
    }

    /// <summary>One more of what its namespace has already.</summary>
    private static Cluster WithPod(Cluster cluster, int change)
    {
        var model = cluster.Pods[7];
        return cluster with
        {
            Pods = [.. cluster.Pods, new PodEndpoint(model.Pod with { Name = $"added{change}" },
                new IPAddress([10, 245, (byte)(change >> 8), (byte)change]),
                IPAddress.Parse($"fd00:10:244::fa:{change:x}"))],
        };
    }
}
