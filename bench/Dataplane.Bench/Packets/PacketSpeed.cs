using System.Net;
using Dataplane.Policy.Model;
namespace Dataplane.Bench;

/// <summary>
/// What a packet from one pod to another costs with all our rules, beside the same node without a filter, with
/// conntrack alone, and with rules in a row.
/// </summary>
internal static class PacketSpeed
{
    private const int Rounds = 41;

    private const string Unfiltered = "unfiltered", Forwarding = "without routing rules", Conntrack = "conntrack alone",
        Small = "10 pods, 10 policies", Large = "20,000 pods, 5,000 policies",
        Linear = "1,000 rules in a row";

    /// <summary>All that conntrack needs to work, and what most firewalls begin with.</summary>
    public const string ConntrackRules = """
        table inet yardstick {
          chain forward {
            type filter hook forward priority 0; policy accept
            ct state established,related accept
          }
        }
        """;

    public static void Run()
    {
        var (small, large) = (PacketNode.Cluster(10, 10), PacketNode.Cluster(20_000, 5_000));
        using var lab = new PacketLab();
        lab.Add(Unfiltered, PacketNode.SameRoute(small));
        lab.Add(Forwarding, PacketNode.Plain(small));
        lab.Add(Conntrack, PacketNode.SameRoute(small)).Load(ConntrackRules);
        lab.Add(Small, PacketNode.Ours(small)).Program(PacketNode.Ruleset(small));
        lab.Add(Large, PacketNode.Ours(small)).Program(PacketNode.Ruleset(large));
        lab.Add(Linear, PacketNode.SameRoute(small)).Load(InARow(small));
        Console.WriteLine($"the yardstick \"{Conntrack}\":\n{ConntrackRules}");
        foreach (var (four, from, to) in new[]
        {
            (true, small.Pods[0].IPv4!, small.Pods[1].IPv4!), (false, small.Pods[0].IPv6!, small.Pods[1].IPv6!),
        })
        {
            var family = four ? "IPv4" : "IPv6";
            var first = lab.Measure("first", from, to, Rounds);
            var established = lab.Measure("established", from, to, Rounds);
            Figures.Bar($"first packet, {Large}, {family}", first, Large, Small, 1.05, "ns");
            Figures.Bar($"first packet, {family}", first, Large, Unfiltered, 1.8, "ns");
            Figures.Bar($"first packet, {family}", first, Large, Conntrack, 1.4, "ns");
            Figures.Bar($"established packet, {family}", established, Large, Unfiltered, 1.25, "ns");
            Figures.Line($"established packet, {family}: {Large}",
                $"{Figures.Spread(Figures.Ratios(established[Large], established[Conntrack]))} of {Conntrack}");
            // The same two pods and port again and again, as a service is asked.
            var asked = lab.Measure("crr", from, to, Rounds);
            Figures.Bar($"TCP connect, request, answer, reset, {family}", asked, Large, Unfiltered, 1.5, "us");
            Figures.Bar($"TCP connect, request, answer, reset, {family}", asked, Large, Conntrack, 1.2, "us");
            Beside($"first packet, {family}", first, "ns");
            Beside($"established packet, {family}", established, "ns");
            Beside($"UDP of 1,400 bytes, a packet, {family}", lab.Measure("bulk-udp", from, to, Rounds), "ns");
            Beside($"UDP round trip, two cores, {family}", lab.Measure("rr", from, to, Rounds), "us");
            Beside($"TCP connect, request, answer, reset, {family}", asked, "us");
            Beside($"TCP stream, a KiB, {family}", lab.Measure("bulk-tcp", from, to, Rounds), "ns");
        }
    }

    private static void Beside(string what, Dictionary<string, double[]> rounds, string unit)
    {
        foreach (var (name, values) in rounds)
        {
            Figures.Line($"{what}: {name}", $"{Figures.Median(values):N0} {unit}, "
                + $"{Figures.Spread(Figures.Ratios(values, rounds[Unfiltered]))} of unfiltered");
        }
    }

    /// <summary>As kube-router and others write it: a rule for each pod, and ours the last one.</summary>
    private static string InARow(Cluster cluster)
    {
        return $"{ConntrackRules}\n{Table("ip", i => $"10.99.{i >> 8}.{i & 255}", cluster.Pods[1].IPv4!)}"
            + $"{Table("ip6", i => $"fd00:99::{i:x}", cluster.Pods[1].IPv6!)}";

        static string Table(string family, Func<int, string> other, IPAddress pod) =>
            $"table {family} yardstick {{\nchain pod {{\nth dport 8080 accept\ndrop\n}}\nchain forward {{\n"
                + "type filter hook forward priority 0; policy drop\nct state established,related accept\n"
            + $"{string.Concat(Enumerable.Range(1, 999).Select(i => $"{family} daddr {other(i)} goto pod\n"))}{family} "
            + $"daddr {pod} goto pod\naccept\n}}\n}}\n";
    }
}
