using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Model;
using Dataplane.Testing.Clusters;
using Rule = Dataplane.Testing.Clusters.Rule;

namespace Dataplane.Integration.Live;

/// <summary>
/// Clusters of as many pods as wanted: pod n is <c>ns{n mod 10}/p{n}</c> with label <c>app={n mod 7}</c>. One policy,
/// of
/// <c>ns1</c>, lets <c>app=2</c> into <c>app=1</c> on one port.
/// </summary>
internal static class NumberedPods
{
    private static readonly SourcePosition Here = new("numbered.yaml", 1, 1);

    /// <param name="from">The number of the first pod.</param>
    /// <param name="to">The number after that of the last one.</param>
    public static Cluster Cluster(int from, int to) => new(
        new Dictionary<string, NamespaceObject>(), [.. Enumerable.Range(from, to - from).Select(i => Pod(i))],
        [Policy("TCP 80")], Lab.Node);

    /// <param name="app">Null: as the number says.</param>
    public static PodEndpoint Pod(int number, int? app = null) => new(
        new PodObject($"ns{number % 10}", $"p{number}",
            new Dictionary<string, string> { ["app"] = $"{app ?? number % 7}" }, [], false, [], Here),
        new IPAddress([10, 244, (byte)((number + 2) >> 8), (byte)(number + 2)]),
        IPAddress.Parse($"fd00:10:244::{number + 2:x}"));

    /// <param name="port">As <see cref="Rule.Port"/> reads it.</param>
    public static NetworkPolicyObject Policy(string port) => new Lab().Namespace("ns1").Pod("ns1/other")
        .Policy("ns1/p", "app=1", ingress: [Rule.Of([Rule.Pods("app=2")], [port])]).Cluster.NetworkPolicies[0];
}
