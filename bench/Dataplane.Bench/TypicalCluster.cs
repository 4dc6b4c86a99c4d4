using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
namespace Dataplane.Bench;

/// <summary>
/// What people write: namespaces of up to 20 pods in five applications; in each namespace a default deny, then policies
/// for an application each: from another one, from other namespaces, to the world except private networks.
/// </summary>
internal static class TypicalCluster
{
    private static readonly SourcePosition Here = new("bench.yaml", 1, 1);

    public static Cluster Of(int pods, int policies)
    {
        var namespaces = Math.Max(1, pods / 20);
        return new Cluster(
            Enumerable.Range(0, namespaces).ToDictionary(n => $"ns{n}", n => new NamespaceObject($"ns{n}",
                new Dictionary<string, string> { ["team"] = $"{n % 10}", ["kubernetes.io/metadata.name"] = $"ns{n}" },
                Here)),
            [.. Enumerable.Range(0, pods).Select(i => new PodEndpoint(
                new PodObject($"ns{i % namespaces}", $"p{i}",
                    new Dictionary<string, string> { ["app"] = $"{i / namespaces % 5}" }, [], false, [], Here),
                new IPAddress([10, 244, (byte)((i + 2) >> 8), (byte)(i + 2)]),
                IPAddress.Parse($"fd00:10:244::{i + 2:x}")))],
            [.. Enumerable.Range(0, policies).Select(i => Policy($"ns{i % namespaces}", i, i / namespaces))],
            new NodeEndpoint(IPAddress.Parse("10.244.0.1"), IPAddress.Parse("fd00:10:244::1")));
    }

    private static NetworkPolicyObject Policy(string ns, int number, int kind) => (kind % 4) switch
    {
        0 => Policy(ns, number, [], [], []),
        1 => Policy(ns, number, App(kind), [Rule([new(Labels(App(kind + 1)), null, null, Here)], Port(80), Port(443))],
            null),
        2 => Policy(ns, number, App(kind),
            [Rule([new(null, Labels([new("team", SelectorOperator.In, [$"{number % 10}"], Here)]), null, Here)],
                Port(8080, 8090))], null),
        _ => Policy(ns, number, App(kind), null,
            [Rule([new(null, null, new IpBlock(IPNetwork.Parse("0.0.0.0/0"),
                [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16")], Here), Here)], Port(443)),
             Rule([new(Labels([]), null, null, Here)])]),
    };

    private static NetworkPolicyObject Policy(string ns, int number, SelectorRequirement[] select,
        NetworkPolicyRule[]? ingress, NetworkPolicyRule[]? egress) =>
        new(ns, $"np{number}", new Dictionary<string, string>(), Labels(select), ingress is not null,
            egress is not null, ingress ?? [], egress ?? [], Here);

    private static NetworkPolicyRule Rule(NetworkPolicyPeer[] peers, params NetworkPolicyPort[] ports) =>
        new(peers, ports, Here);

    private static SelectorRequirement[] App(int kind) => [new("app", SelectorOperator.In, [$"{kind % 5}"], Here)];

    private static LabelSelector Labels(SelectorRequirement[] requirements) => new(requirements, Here);

    private static NetworkPolicyPort Port(ushort first, ushort? last = null) =>
        new(TransportProtocol.Tcp, first, last, null, Here);
}
