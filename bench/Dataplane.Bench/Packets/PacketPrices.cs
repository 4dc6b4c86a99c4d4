namespace Dataplane.Bench;

/// <summary>
/// What one step of a rule costs a packet: conntrack's rule and behind it the same step twenty times, as text by
/// Debian's nft.
/// </summary>
internal static class PacketPrices
{
    private const int Rounds = 41, Times = 20;

    private const string Nothing = "nothing";

    private static readonly (string Name, string Step)[] Steps =
    [
        (Nothing, ""),
        ("another interface's name", "iifname != \"dp0\" counter"),
        ("another interface's index", "iif != 1000 counter"),
        ("another protocol family", "meta nfproto 1 counter"),
        ("another ct state", "ct state invalid counter"),
        ("a bit of the mark", "meta mark & 0x40000000 != 0 counter"),
        ("count", "counter"),
        ("set the mark", "meta mark set 0"),
        ("set the ct mark", "ct mark set 0"),
        ("jump and come back", "jump nowhere"),
        ("one word in a set", "meta mark @words"),
        ("a port in a map, to the priority", "meta priority set th dport map @ports"),
        ("a pair, protocol and port in a set", "meta mark . meta priority . meta l4proto . th dport @pairs"),
        ("the same, set of no known size", "meta mark . meta priority . meta l4proto . th dport @unsized"),
    ];

    public static void Run()
    {
        var cluster = PacketNode.Cluster(10, 10);
        using var lab = new PacketLab();
        foreach (var (name, step) in Steps) lab.Add(name, PacketNode.SameRoute(cluster)).Load(Table(step));
        var rounds = lab.Measure("first", cluster.Pods[0].IPv4!, cluster.Pods[1].IPv4!, Rounds);
        foreach (var (name, values) in rounds)
        {
            if (name != Nothing)
            {
                Figures.Line($"a step of a rule: {name}",
                    $"{Figures.Median([.. values.Zip(rounds[Nothing], (v, n) => (v - n) / Times)]):N0} ns");
            }
        }
    }

    private static string Table(string step) => $$"""
        table inet yardstick {
          map ports { type inet_service : classid; size 64; elements = { 8080 : 1:1 }; }
          set words { type mark; size 64; elements = { 1 }; }
          set pairs { type mark . classid . inet_proto . inet_service; size 64; elements = { 1 . 1:1 . tcp . 80 }; }
          set unsized { type mark . classid . inet_proto . inet_service; elements = { 1 . 1:1 . tcp . 80 }; }
          chain nowhere {
          }
          chain forward {
            type filter hook forward priority 0; policy accept
            ct state established,related accept
            {{(step.Length == 0 ? "" : string.Join('\n', Enumerable.Repeat(step, Times)))}}
          }
        }

        """;
}
