using Dataplane.Policy.Model;
namespace Dataplane.Bench;

/// <summary>What packets of established connections cost that take the short way, beside no filter at all.</summary>
internal static class ShortWaySpeed
{
    private const int Rounds = 41;

    private const string Unfiltered = "unfiltered", Long = "by the bridge and the rules", Short = "with the short way";

    private static readonly (string Name, string Test, string Unit, double? Bar)[] Tests =
    [
        ("established packet", "established", "ns", 0.9),
        ("TCP stream, a KiB", "bulk-tcp", "ns", 0.9), ("UDP of 1,400 bytes, a packet", "bulk-udp", "ns", 0.9),
        ("UDP round trip, two cores", "rr", "us", null),
    ];

    public static void Run()
    {
        var cluster = PacketNode.Cluster(10, 10);
        using var lab = new PacketLab();
        lab.Add(Unfiltered, PacketNode.SameRoute(cluster));
        lab.Add(Long, PacketNode.Ours(cluster)).Program(PacketNode.Ruleset(cluster));
        var node = lab.Add(Short, PacketNode.WithShortWay(cluster)).Program(PacketNode.Ruleset(cluster));
        using var open = node.KeepShortWay();
        var (from, to) = (cluster.Pods[0], cluster.Pods[1]);
        foreach (var family in AddressFamilies.All)
        {
            foreach (var (name, test, unit, bar) in Tests)
            {
                var rounds = lab.Measure(test, from.Address(family)!, to.Address(family)!, Rounds);
                if (bar is { } most) Figures.Bar($"{name}, {family}", rounds, Short, Unfiltered, most, unit);
                foreach (var way in (string[])[Long, Short])
                {
                    Figures.Line($"{name}, {family}: {way}", $"{Figures.Median(rounds[way]):N0} {unit}, "
                        + $"{Figures.Spread(Figures.Ratios(rounds[way], rounds[Unfiltered]))} of {Unfiltered}");
                }
            }
            var first = lab.Measure("first", from.Address(family)!, to.Address(family)!, Rounds);
            Figures.Line($"first packet, {family}: {Short}",
                $"{Figures.Spread(Figures.Ratios(first[Short], first[Long]))} of {Long}");
        }
    }
}
