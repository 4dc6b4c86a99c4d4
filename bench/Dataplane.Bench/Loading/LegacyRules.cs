namespace Dataplane.Bench;

/// <summary>
/// As kube-router and others write policies: an ipset of a hundred peers for each policy, a chain for each policy and
/// direction, and two rules for each pod that lead there.
/// </summary>
internal static class LegacyRules
{
    private const int Peers = 100;

    public static void Write(int pods, int policies, string sets, string rules)
    {
        using (var writer = new StreamWriter(sets))
        {
            for (var policy = 0; policy < policies; policy++)
            {
                writer.WriteLine($"create p{policy} hash:ip,port hashsize 128 maxelem 65536");
                for (var peer = 0; peer < Peers; peer++)
                    writer.WriteLine($"add p{policy} {Address((policy * 37) + (peer * 7) + 1)},tcp:{1000 + peer}");
            }
        }
        using (var writer = new StreamWriter(rules))
        {
            writer.Write("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n");
            for (var policy = 0; policy < policies; policy++)
                writer.Write($":in{policy} - [0:0]\n:eg{policy} - [0:0]\n");
            writer.Write("-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n");
            for (var pod = 0; pod < pods; pod++)
            {
                writer.Write($"-A FORWARD -s {Address(pod)} -j eg{pod % policies}\n"
                    + $"-A FORWARD -d {Address(pod)} -j in{pod % policies}\n");
            }
            for (var policy = 0; policy < policies; policy++)
            {
                writer.Write($"-A in{policy} -m set --match-set p{policy} src,dst -j RETURN\n-A in{policy} -j DROP\n"
                    + $"-A eg{policy} -m set --match-set p{policy} dst,dst -j RETURN\n-A eg{policy} -j DROP\n");
            }
            writer.Write("COMMIT\n");
        }
    }

    private static string Address(int number) => $"10.{64 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}";
}
