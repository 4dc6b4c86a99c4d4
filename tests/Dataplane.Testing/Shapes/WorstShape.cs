using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;

namespace Dataplane.Testing.Shapes;

/// <summary>
/// The shapes of clusters in which elements would multiply if anything made them: each is as large as one asks for.
/// </summary>
public sealed record WorstShape(string Name, int DefaultSize, Func<int, Cluster> Of)
{
    public static IReadOnlyList<WorstShape> All { get; } =
    [
        new("every pod a label of its own, a policy for each", 1000, n => Cluster(OwnLabels(n), OwnPolicies(n))),
        new("and 200 rules for the whole namespace", 1000,
            n => Cluster(OwnLabels(n), OwnPolicies(n).Concat(NamespaceWide(n / 5)))),
        new("and each policy leaves out another pod", 1000,
            n => Cluster(OwnLabels(n), Each(n, i => Policy("ns", i, Own(i), [Rule([AllBut(i)], Port(80))])))),
        new("blocks side by side, each with an exception, one rule", 200,
            n => Cluster(OwnLabels(10), [Policy("ns", 0, [], egress: [Rule([.. Each(n, SideBySide)], Port(443))])])),
        new("blocks side by side, a policy each", 200, n =>
            Cluster(OwnLabels(n), Each(n, i => Policy("ns", i, Own(i), egress: [Rule([SideBySide(i)], Port(443))])))),
        new("blocks inside each other, a policy each", 200,
            n => Cluster(OwnLabels(n), Each(n, i => Policy("ns", i, Own(i), egress: [Rule([Nested(i)], Port(443))])))),
        new("everywhere but one's own block, a policy each", 200, n => Cluster(OwnLabels(n),
            Each(n, i => Policy("ns", i, Own(i), egress: [Rule([AllBut("0.0.0.0/0", i)], Port(443))])))),
        new("everywhere but one's own block, all for the same pods", 200, n => Cluster(OwnLabels(10),
            Each(n, i => Policy("ns", i, [], egress: [Rule([AllBut("0.0.0.0/0", i)], Port(443))])))),
        new("one wide block but one's own part, a policy each", 200, n => Cluster(OwnLabels(n),
            Each(n, i => Policy("ns", i, Own(i), egress: [Rule([AllBut("20.0.0.0/6", i)], Port(443))])))),
        new("500 port ranges apart, one rule", 500,
            n => Cluster(OwnLabels(10), [Policy("ns", 0, [], [Rule([], [.. Each(n, i => Port(i * 4, i * 4 + 1))])])])),
        new("500 port ranges overlapping, one rule", 500,
            n => Cluster(OwnLabels(10), [Policy("ns", 0, [], [Rule([], [.. Each(n, i => Port(i * 4, i * 4 + 40))])])])),
        new("500 port ranges overlapping, a policy each", 500, n =>
            Cluster(OwnLabels(n), Each(n, i => Policy("ns", i, Own(i), [Rule([Pods()], Port(i * 4, i * 4 + 40))])))),
        new("500 port ranges overlapping, all for the same pods", 500,
            n => Cluster(OwnLabels(10), Each(n, i => Policy("ns", i, [], [Rule([Pods()], Port(i * 4, i * 4 + 40))])))),
        new("many namespaces, each allowing itself", 1000,
            n => Cluster(Namespaces(n, 2), Each(n, i => Policy($"ns{i}", 0, [], [Rule([Pods()])])))),
        new("many namespaces, each allowing everybody's pods", 1000,
            n => Cluster(Namespaces(n, 2), Each(n, i => Policy($"ns{i}", 0, [], [Rule([Everybody()], Port(80))])))),
        new("all of it at once", 1000, Everything),
    ];

    public override string ToString() => Name;

    /// <summary>
    /// What the manifests say: a policy, a rule, a peer, an exception of a block and a port are one each.
    /// </summary>
    public static int Written(Cluster cluster) => cluster.NetworkPolicies.Sum(p =>
        1 + p.Ingress.Concat(p.Egress)
            .Sum(r => 1 + r.Ports.Count + r.Peers.Count + r.Peers.Sum(x => x.IpBlock?.Except.Count ?? 0)));

    private static Cluster Everything(int n)
    {
        var own = Each(n, i => Policy("ns", i, Own(i),
            [Rule([Pods(Own((i + 1) % n))], Port(80)), Rule([AllBut(i)], Port(i, i + 40)),
                Rule([Everybody()], Port(443))],
            [Rule([SideBySide(i % 200), Nested(i % 200)], Port(443)),
                Rule([AllBut("0.0.0.0/0", i)], Port(i * 4, i * 4 + 40))]));
        return Cluster(OwnLabels(n).Concat(Namespaces(n / 10, 2)),
            own.Concat(NamespaceWide(n / 5))
                .Concat(Each(n / 10, i => Policy($"ns{i}", 0, [], [Rule([Pods(), Everybody()])]))));
    }

    private static Cluster Cluster(IEnumerable<PodObject> pods, IEnumerable<NetworkPolicyObject> policies) => new(
        new Dictionary<string, NamespaceObject>(),
        [.. pods.Select((p, i) => new PodEndpoint(p, Address("10.64.0.0", i + 2), Address("fd00::", i + 2)))],
        [.. policies],
        new NodeEndpoint(IPAddress.Parse("10.64.0.1"), IPAddress.Parse("fd00::1")));

    private static IEnumerable<PodObject> OwnLabels(int n) => Each(n, i => Pod("ns", $"p{i}", $"{i}"));

    private static IEnumerable<PodObject> Namespaces(int n, int pods) =>
        Each(n, i => i).SelectMany(i => Each(pods, j => Pod($"ns{i}", $"p{j}", $"{j}")));

    private static PodObject Pod(string ns, string name, string own) =>
        new(ns, name, new Dictionary<string, string> { ["own"] = own }, [], false, [], Here);

    private static IEnumerable<NetworkPolicyObject> OwnPolicies(int n) =>
        Each(n, i => Policy("ns", i, Own(i), [Rule([Pods(Own((i + 1) % n))], Port(80))],
            [Rule([Pods(Own((i + n - 1) % n))], Port(80))]));

    private static IEnumerable<NetworkPolicyObject> NamespaceWide(int n) =>
        Each(n, i => Policy("ns", 10_000 + i, [], [Rule([Pods()], Port(8000 + i))]));

    private static NetworkPolicyObject Policy(string ns, int number, SelectorRequirement[] select,
        NetworkPolicyRule[]? ingress = null, NetworkPolicyRule[]? egress = null) =>
        new(ns, $"np{number}", new Dictionary<string, string>(), new LabelSelector(select, Here), ingress is not null,
            egress is not null, ingress ?? [], egress ?? [], Here);

    private static NetworkPolicyRule Rule(NetworkPolicyPeer[] peers, params NetworkPolicyPort[] ports) =>
        new(peers, ports, Here);

    private static SelectorRequirement[] Own(int i) => [new("own", SelectorOperator.In, [$"{i}"], Here)];

    private static NetworkPolicyPeer Pods(params SelectorRequirement[] labels) =>
        new(new LabelSelector(labels, Here), null, null, Here);

    private static NetworkPolicyPeer AllBut(int i) =>
        Pods(new SelectorRequirement("own", SelectorOperator.NotIn, [$"{i}"], Here));

    private static NetworkPolicyPeer Everybody() => new(null, new LabelSelector([], Here), null, Here);

    private static NetworkPolicyPeer SideBySide(int i) =>
        Block($"{Address("172.16.0.0", i * 256)}/24", $"{Address("172.16.0.0", i * 256 + 128)}/28");

    /// <summary>Up to 24 inside each other; then the next such nest.</summary>
    private static NetworkPolicyPeer Nested(int i) =>
        Block(new IPNetwork(Address("0.0.0.0", (40 + i / 24) << 24), 8 + i % 24).ToString());

    private static NetworkPolicyPeer AllBut(string cidr, int i) => Block(cidr, $"{Address("20.0.0.0", i * 256)}/24");

    private static NetworkPolicyPeer Block(string cidr, params string[] except) =>
        new(null, null, new IpBlock(IPNetwork.Parse(cidr), [.. except.Select(IPNetwork.Parse)], Here), Here);

    private static NetworkPolicyPort Port(int first, int? last = null) =>
        new(TransportProtocol.Tcp, (ushort)first, (ushort?)last, null, Here);

    private static IPAddress Address(string start, int offset)
    {
        var bytes = IPAddress.Parse(start).GetAddressBytes();
        for (int i = bytes.Length - 1, carry = offset; carry > 0; i--, carry >>= 8)
        {
            carry += bytes[i];
            bytes[i] = (byte)carry;
        }
        return new IPAddress(bytes);
    }

    private static IEnumerable<T> Each<T>(int n, Func<int, T> make) => Enumerable.Range(0, n).Select(make);

    private static readonly SourcePosition Here = new("shape.yaml", 1, 1);
}
