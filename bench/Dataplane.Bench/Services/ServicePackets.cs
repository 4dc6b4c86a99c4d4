using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Linux.Nftables;
using Dataplane.Policy.Model;
using Dataplane.Rules.Nftables;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Shape;
using Dataplane.Services.Compilation;
using Dataplane.Services.Tables;

namespace Dataplane.Bench;

/// <summary>
/// What a packet costs that reaches a pod through a Service: with all our rules, and the translation alone beside one
/// static DNAT; and what the tag of a host node's frames costs.
/// </summary>
internal static class ServicePackets
{
    private const int Rounds = 41, Few = 10, Many = 10_000, AffinitySeconds = 10_800;

    private const string Plain = "pod to pod, no Services", Beside = "pod to pod beside 10,000 Services",
        FewServices = "10 Services", ManyServices = "10,000 Services", Sticky = "10,000 Services, session affinity",
        Static = "one static DNAT", Conntrack = "conntrack alone", Unfiltered = "unfiltered", Tagged = "tagged frames";

    /// <summary>The Service that is asked, in front of the others.</summary>
    private const string Asked = "asked";

    private static readonly PerFamily<IPEndPoint?> Through = PerFamily.Of<IPEndPoint?>(
        family => new IPEndPoint(TypicalServices.Address(family, 0xfffe), 80));

    public static void Run()
    {
        var pods = PacketNode.Cluster(10, 10);
        var (few, many) = (Table(pods, Few, null), Table(pods, Many, null));
        var sticky = Table(pods, Many, AffinitySeconds);
        using var whole = new PacketLab();
        whole.Add(Unfiltered, PacketNode.SameRoute(pods));
        whole.Add(Plain, PacketNode.Ours(pods)).Program(PacketNode.Ruleset(pods));
        whole.Add(Tagged, PacketNode.Tagged(pods)).Program(PacketNode.Ruleset(pods));
        whole.Add(Beside, PacketNode.Ours(pods)).Program(PacketNode.Ruleset(pods, many));
        whole.Add(FewServices, PacketNode.Ours(pods), Through).Program(PacketNode.Ruleset(pods, few));
        whole.Add(ManyServices, PacketNode.Ours(pods), Through).Program(PacketNode.Ruleset(pods, many));
        whole.Add(Sticky, PacketNode.Ours(pods), Through).Program(PacketNode.Ruleset(pods, sticky));
        whole.Add(Static, PacketNode.Ours(pods), Through).Program(PacketNode.Ruleset(pods)).Load(StaticRules(pods));
        using var alone = new PacketLab();
        alone.Add(Conntrack, PacketNode.Ours(pods)).Load(PacketSpeed.ConntrackRules).Load(KnownRules);
        alone.Add(Static, PacketNode.Ours(pods), Through).Load(PacketSpeed.ConntrackRules).Load(KnownRules)
            .Load(StaticRules(pods));
        alone.Add(FewServices, PacketNode.Ours(pods), Through).Program(Translation(PacketNode.Ruleset(pods, few)));
        alone.Add(ManyServices, PacketNode.Ours(pods), Through).Program(Translation(PacketNode.Ruleset(pods, many)));
        alone.Add(Sticky, PacketNode.Ours(pods), Through).Program(Translation(PacketNode.Ruleset(pods, sticky)));
        foreach (var family in AddressFamilies.All)
        {
            var (from, to) = (pods.Pods[0].Address(family)!, pods.Pods[1].Address(family)!);
            var (first, established) =
                (whole.Measure("first", from, to, Rounds), whole.Measure("established", from, to, Rounds));
            var translation = alone.Measure("first", from, to, Rounds);
            var what = $"first packet through a Service, {family.Text()}";
            Figures.Bar(what, first, ManyServices, FewServices, 1.1, "ns");
            Figures.Bar($"{what}, translation alone", translation, ManyServices, FewServices, 1.1, "ns");
            Figures.Bar($"{what}, translation alone", translation, ManyServices, Static, 1.2, "ns");
            Lines(what, first, Static);
            Lines($"{what}, translation alone", translation, Static);
            Lines($"established packet, {family.Text()}", established, Unfiltered);
            foreach (var (packet, rounds) in (ReadOnlySpan<(string, Dictionary<string, double[]>)>)[
                ("first", first), ("established", established)])
            {
                foreach (var name in (ReadOnlySpan<string>)[Beside, Tagged, ManyServices])
                {
                    Figures.Line($"{packet} packet, {family.Text()}: {name}",
                        $"{Figures.Spread(Figures.Ratios(rounds[name], rounds[Plain]))} of {Plain}");
                }
            }
        }
    }

    private static void Lines(string what, Dictionary<string, double[]> rounds, string yardstick)
    {
        foreach (var (name, values) in rounds)
        {
            Figures.Line($"{what}: {name}", $"{Figures.Median(values):N0} ns",
                $"{Figures.Spread(Figures.Ratios(values, rounds[yardstick]))} of \"{yardstick}\"");
        }
    }

    /// <summary>
    /// Typical Services and the one that is asked. It has three backends like the others, chosen as ever; but all three
    /// are the second pod, so that every packet arrives where it is counted.
    /// </summary>
    private static ServiceTable Table(Cluster pods, int services, int? affinitySeconds)
    {
        var others = TypicalServices.With(pods, services - 1, AddressFamilies.All);
        var placeholders = PerFamily.Of<IPAddress[]>(family =>
            [.. Enumerable.Range(0xffff0, TypicalServices.Endpoints).Select(i => TypicalServices.Backend(family, i))]);
        TransportProtocol[] protocols = [TransportProtocol.Udp, TransportProtocol.Tcp];
        var table = ServiceCompiler.Compile(others with
        {
            Services = [TypicalServices.Service(Asked, AddressFamilies.All, family => Through[family]!.Address,
                affinitySeconds, protocols), .. others.Services],
            Endpoints = [.. AddressFamilies.All.Select(
                f => TypicalServices.Slice(Asked, f, placeholders[f], protocols)), .. others.Endpoints],
        });
        return table with
        {
            Backends = [.. table.Backends.Select(b => placeholders[b.Address.AddressFamily].Contains(b.Address)
                ? b with { Address = pods.Pods[1].Address(b.Address.AddressFamily)! } : b)],
        };
    }

    /// <summary>Our rules without identity and policies: as conntrack alone, and what Services add.</summary>
    private static NodeRuleset Translation(NodeRuleset rules) => rules with
    {
        Bridge = rules.Bridge with { Chains = [] },
        Inet = rules.Inet with
        {
            Chains = [.. rules.Inet.Chains.Select(c => c.Name switch
            {
                "outside" => c with
                {
                    Rules = [new NftRule(null, [c.Rules[0].Statements[0],
                        new SetConstant(NftRegister.Mark, MarkBits.Known), new Decide(NftVerdict.Accept)])],
                },
                "forward" => c with
                {
                    Rules = [new NftRule(null, [MatchCtState.Established, new Decide(NftVerdict.Accept)])],
                },
                _ => c,
            })],
        },
    };

    /// <summary>What <see cref="Translation"/> has of "outside", since the routes need it.</summary>
    private const string KnownRules = """
        table inet yardstick {
          chain outside {
            type filter hook prerouting priority -450; policy accept
            iifname "dp0" meta mark set 0x40000000 accept
          }
        }

        """;

    /// <summary>The least that a translation to the second pod takes.</summary>
    private static string StaticRules(Cluster pods)
    {
        return $$"""
            table inet yardstick {
              chain services {
                type nat hook prerouting priority -100; policy accept
                {{Dnat("ip", AddressFamily.InterNetwork)}}
                {{Dnat("ip6", AddressFamily.InterNetworkV6)}}
              }
            }

            """;

        string Dnat(string name, AddressFamily family) => $"{name} daddr {Through[family]!.Address} udp dport 80 dnat "
            + $"{name} to {new IPEndPoint(pods.Pods[1].Address(family)!, 8080)}";
    }
}
