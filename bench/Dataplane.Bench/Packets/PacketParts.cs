using Dataplane.Linux.Nftables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;
using Dataplane.Rules.Shape;

namespace Dataplane.Bench;

/// <summary>
/// What costs how much: our rules with one thing left out, or written in another way. Not all of these would be safe:
/// they are here to be measured.
/// </summary>
internal static class PacketParts
{
    private const int Rounds = 61;

    private const string Ours = "all rules", NotTracked = "without conntrack: every packet is judged";

    private static readonly (string Name, Func<NodeRuleset, NodeRuleset> Change)[] Variants =
    [
        (Ours, r => r),
        ("without the bridge table; all who come by dp0 are known", r => r with
        {
            Bridge = r.Bridge with { Chains = [] },
            Inet = Edit(r.Inet, "outside", (rule, at) => at == 0 ? AllKnown(rule) : [rule]),
        }),
        ("without the check of the gateway's MAC address", r => r with
        {
            Bridge = Edit(r.Bridge, "prerouting", (rule, _) => Has<MatchOtherDestination>(rule) ? [] : [rule]),
        }),
        ("the class of the first pod, instead of one lookup for the sender", r => r with
        {
            Inet = Edit(r.Inet, "forward", (rule, _) => AsFirstPod(r, rule)),
        }),
        ("without the second bit: the bridge says \"known\"", r => r with
        {
            Bridge = Edit(r.Bridge, "prerouting", (rule, _) => [Known(rule)]),
            Inet = Edit(r.Inet, "outside", (rule, at) => at == 0 ? [] : [rule]),
        }),
        ("without \"not ours\" in forward",
            r => r with { Inet = Edit(r.Inet, "forward", (rule, at) => at == 0 ? [] : [rule]) }),
        ("without the question for related", r => r with
        {
            Inet = Edit(r.Inet, "forward", (rule, _) => rule.Statements[0] == MatchCtState.Related ? [] : [rule]),
        }),
        ("established accepts, instead of ct mark in the epoch", r => r with
        {
            Inet = Edit(r.Inet, "forward", (rule, _) => Has<MatchCtMarkIn>(rule)
                ? [Replace<MatchCtMarkIn>(rule, MatchCtState.Established)]
                : [rule]),
        }),
        ("without counters", r => r with { Inet = Edit(r.Inet, null, (rule, _) => [Without(rule, s => s is Count)]) }),
        ("without clearing the mark and the priority", r => r with
        {
            Inet = Edit(r.Inet, null,
                (rule, _) => Has<Count>(rule) ? [Without(rule, s => s is SetConstant { Value: 0 })] : [rule]),
        }),
        ("without tiers", r => r with
        {
            Inet = Edit(r.Inet, null, (rule, _) => rule.Statements.Any(s => s is SetFromMap m
                && m.Map.Contains("tier_subject", StringComparison.Ordinal)) ? [] : [rule]),
        }),
        ("without a limit on connections", r => r with
        {
            Inet = Edit(r.Inet, "admit",
                (rule, _) => rule.Statements.Any(s => s is MatchIn { Set: "crowded4" or "crowded6" } or OneIn) ? []
                    : [rule]),
        }),
        (NotTracked, r => r with
        {
            Inet = Edit(r.Inet, null, (rule, _) => rule.Statements[0] == MatchCtState.Untracked || rule.Statements.Any(
                s => s is MatchIn { Set: "crowded4" or "crowded6" } or OneIn) ? [] : [rule]),
        }),
        ("without the IPv6 rule beside each IPv4 rule", r => r with
        {
            Inet = Edit(r.Inet, null,
                (rule, _) => rule.Statements.Any(s => s is SetFromMap m && m.Map.EndsWith('6')) ? [] : [rule]),
        }),
    ];

    public static void Run()
    {
        var cluster = PacketNode.Cluster(10, 10);
        using var lab = new PacketLab();
        foreach (var (name, change) in Variants)
        {
            var node = lab.Add(name, PacketNode.Ours(cluster))
                .Program(change(PacketNode.Ruleset(name == NotTracked ? WithAnswers(cluster) : cluster)));
            if (name == NotTracked)
            {
                node.Load("table inet raw {\nchain prerouting {\n"
                    + "type filter hook prerouting priority -300; policy accept\nnotrack\n}\n}\n");
            }
        }
        foreach (var test in new[] { "established", "first" })
        {
            var rounds = lab.Measure(test, cluster.Pods[0].IPv4!, cluster.Pods[1].IPv4!, Rounds);
            foreach (var (name, values) in rounds)
            {
                Figures.Line($"{test}, IPv4: {name}", $"{Figures.Median(values):N0} ns",
                    $"{Figures.Median([.. rounds[Ours].Zip(values, (o, v) => o - v)]):N0} ns less");
            }
        }
    }

    /// <summary>Without conntrack replies are not recognised, so they need a policy of their own.</summary>
    private static Cluster WithAnswers(Cluster cluster)
    {
        var (sends, takes) = (cluster.NetworkPolicies.Single(p => p.Name == "from"),
            cluster.NetworkPolicies.Single(p => p.Name == "to"));
        return cluster with
        {
            NetworkPolicies =
            [
                .. cluster.NetworkPolicies,
                takes with
                {
                    Name = "answers-in",
                    PodSelector = sends.PodSelector,
                    Ingress = [sends.Egress[0] with { Ports = [] }],
                },
                sends with
                {
                    Name = "answers-out",
                    PodSelector = takes.PodSelector,
                    Egress = [takes.Ingress[0] with { Ports = [] }],
                },
            ],
        };
    }

    private static NftTable Edit(NftTable table, string? chain, Func<NftRule, int, NftRule[]> edit) => table with
    {
        Chains = [.. table.Chains.Select(
            c => chain is null || c.Name == chain ? c with { Rules = [.. c.Rules.SelectMany(edit)] } : c)],
    };

    private static bool Has<T>(NftRule rule) => rule.Statements.Any(s => s is T);

    private static NftRule Without(NftRule rule, Func<NftStatement, bool> which) =>
        rule with { Statements = [.. rule.Statements.Where(s => !which(s))] };

    private static NftRule Replace<T>(NftRule rule, NftStatement by) =>
        rule with { Statements = [.. rule.Statements.Select(s => s is T ? by : s)] };

    private static NftRule[] AsFirstPod(NodeRuleset rules, NftRule rule)
    {
        var subject = BitConverter.ToUInt32(
            rules.Inet.Sets.Single(s => s.Name == SetNames.Egress.Subject + "4").Elements.First().Data!);
        return rule.Statements[0] switch
        {
            SetConstant { Target: NftRegister.Mark } =>
                [new NftRule(null, [new SetConstant(NftRegister.Mark, subject)])],
            SetFromMap map when map.Map.StartsWith(SetNames.Egress.Subject, StringComparison.Ordinal) => [],
            MatchRegister { Of: NftRegister.Mark } => [],
            _ => [rule],
        };
    }

    private static NftRule[] AllKnown(NftRule rule) => [new NftRule(null,
        [rule.Statements[0], new SetConstant(NftRegister.Mark, MarkBits.Known), new Decide(NftVerdict.Accept)])];

    private static NftRule Known(NftRule rule) => rule with
    {
        Statements = [.. rule.Statements.Select(s =>
            s is SetConstant set ? set with { Value = MarkBits.Known } : s)],
    };
}
