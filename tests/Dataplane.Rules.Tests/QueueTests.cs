using Dataplane.Policy.Compilation;
using Dataplane.Policy.Model;
using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Tests;

/// <summary>
/// Between two hooks a packet may wait: for its fragments, or in another program's queue. What was looked up before may
/// be untrue behind that, so no chain uses a register that another hook has written, but for the bits of the mark that
/// cannot become untrue.
/// </summary>
public sealed class QueueTests
{
    private const uint Lasting = MarkBits.Identified | MarkBits.Known;

    private static readonly Cluster Nobody =
        new(new Dictionary<string, Kubernetes.Objects.NamespaceObject>(), [], [], new NodeEndpoint(null, null));

    [Theory]
    [InlineData(false, null)]
    [InlineData(false, 16_384u)]
    [InlineData(true, null)]
    public void No_hook_uses_what_another_has_looked_up(bool shared, uint? connections) =>
        Assert.Empty(Tables(shared, connections).SelectMany(Uses));

    /// <summary>The class as the bridge once found it, for the whole way.</summary>
    [Fact]
    public void A_class_in_the_mark_would_be_found()
    {
        var inet = Tables(false, null)[1];
        var broken = inet with
        {
            Chains = [.. inet.Chains.Select(c => c.Name != "forward" ? c : c with
            {
                Rules = [.. c.Rules.Where(r => !(r.Statements is [SetConstant { Target: NftRegister.Mark }]))],
            })],
        };
        Assert.Equal(
            ["forward: meta mark 0x00000000 goto drop_no_pod", "forward: meta mark @egress_isolated goto egress",
                "egress_lookup: meta mark . meta priority . meta l4proto . th dport @egress_port goto ingress_gate"],
            Uses(broken).Take(3));
    }

    /// <summary>A pool's number that came from another hook, and how its backend is chosen.</summary>
    [Fact]
    public void A_pool_in_the_priority_would_be_found()
    {
        var inet = Tables(false, null)[1];
        var broken = inet with
        {
            Chains = [.. inet.Chains.Select(c => c.Name != "service4" ? c : c with
            {
                Rules = [.. c.Rules.Select(r => r with
                {
                    Statements = [.. r.Statements.Where(s => s is not SetFromMap { Target: NftRegister.Priority })],
                })],
            })],
        };
        Assert.Equal(
            ["choose4: meta priority & 1fff:f100 != 0:0 goto choose_specially4",
                "choose_specially4: meta priority & 0:100 == 0:100 ct mark . ip saddr != @service_source4 goto "
                    + "drop_service_source"],
            Uses(broken).Take(2));
    }

    /// <summary>With Services in them, some of which remember their clients.</summary>
    private static NftTable[] Tables(bool shared, uint? connections) =>
        [.. new NodeTables(NodeShape.Default with { IsShared = shared, ConnectionsPerPod = connections },
            new ServiceShape(true, [10, 10_800])).Ruleset(RulesetChange.Whole(Compiler.Compile(Nobody), [], 1)).Tables];

    private static IEnumerable<string> Uses(NftTable table)
    {
        var found = new List<string>();
        var (chains, seen) = (table.Chains.ToDictionary(c => c.Name), new HashSet<(string, Old)>());
        foreach (var chain in table.Chains.Where(c => c.Hook is not null)) Walk(chain, AtHook(table));
        return found.Distinct();

        void Walk(NftChain chain, Old old)
        {
            if (!seen.Add((chain.Name, old))) return;
            foreach (var rule in chain.Rules)
            {
                var (here, isCertain) = (old, true);
                foreach (var statement in rule.Statements)
                {
                    if (Reads(statement).Any(here.Has))
                        found.Add($"{chain.Name}: {string.Join(' ', rule.Statements.Select(s => s.Text))}");
                    here = statement switch
                    {
                        SetConstant set => here.Without(set.Target),
                        SetFromMap map => here.Without(map.Target),
                        PriorityFromFlow or PriorityFromChance => here.Without(NftRegister.Priority),
                        _ => here,
                    };
                    isCertain &= statement is SetConstant or Decide or Count or LogTo or PriorityFromFlow
                        or PriorityFromChance;
                    if (statement is not Decide decided) continue;
                    if (decided.Chain is { } target) Walk(chains[target], here);
                    if (isCertain && decided.Verdict != NftVerdict.Jump) return;
                }
                if (isCertain) old = here;
            }
        }
    }

    /// <summary>The guard of the port writes the mark, and the bridge's first hook follows at once.</summary>
    private static Old AtHook(NftTable table) => new(Mark: table.Family != NftFamily.Bridge, Priority: true);

    private static IEnumerable<NftRegister> Reads(NftStatement statement) => statement switch
    {
        MatchRegister match => [match.Of],
        MatchIn match => match.Fields.SelectMany(Register),
        SetFromMap map => map.Fields.SelectMany(Register),
        MatchPriorityBits or GotoByPriority or TranslateTo or RememberPriority or ForgetPriority =>
            [NftRegister.Priority],
        MatchMarkLacks match => (match.Mask & ~Lasting) == 0 ? [] : [NftRegister.Mark],
        MatchMarkHas match => (match.Mask & ~Lasting) == 0 ? [] : [NftRegister.Mark],
        _ => [],
    };

    private static IEnumerable<NftRegister> Register(NftField field) =>
        field == NftField.Mark ? [NftRegister.Mark] : field == NftField.Priority ? [NftRegister.Priority] : [];

    /// <summary>The registers that still hold what an earlier hook has written.</summary>
    private readonly record struct Old(bool Mark, bool Priority)
    {
        public bool Has(NftRegister register) => register switch
        {
            NftRegister.Mark => Mark,
            NftRegister.Priority => Priority,
            _ => false,
        };

        public Old Without(NftRegister register) => register switch
        {
            NftRegister.Mark => this with { Mark = false },
            NftRegister.Priority => this with { Priority = false },
            _ => this,
        };
    }
}
