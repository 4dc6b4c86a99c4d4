using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Testing.Clusters;

/// <summary>
/// A cluster in a few lines. Pods get 10.244.0.n and fd00:10:244::n, n counting from 2 in the order they are added;
/// the node is 10.244.0.1 and fd00:10:244::1. Every object stands on the line of <c>test.yaml</c> that counts it.
/// </summary>
public sealed class Lab
{
    public static readonly NodeEndpoint Node = new(IPAddress.Parse("10.244.0.1"), IPAddress.Parse("fd00:10:244::1"));

    public static readonly PerFamily<IPNetwork> Networks =
        new(IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("fd00:10:244::/64"));

    private readonly Dictionary<string, NamespaceObject> _namespaces = [];
    private readonly List<PodEndpoint> _pods = [];
    private readonly List<NetworkPolicyObject> _policies = [];
    private readonly List<TierPolicyObject> _tiers = [];
    private IReadOnlyDictionary<string, string> _nodeLabels = Cluster.DefaultNodeLabels;
    private int _line;

    public Cluster Cluster =>
        new(_namespaces, _pods, _policies, Node) { TierPolicies = _tiers, NodeLabels = _nodeLabels };

    public Lab Namespace(string name, string labels = "")
    {
        var all = new Dictionary<string, string>(Selector.Labels(labels)) { ["kubernetes.io/metadata.name"] = name };
        _namespaces.Add(name, new NamespaceObject(name, all, NextLine()));
        return this;
    }

    /// <param name="ports">As <c>http=TCP 80</c> or <c>TCP 80</c>.</param>
    /// <param name="hostPorts">As <c>TCP 80 8080</c>, the node's port first, or <c>TCP 80 8080 192.0.2.7</c>.</param>
    public Lab Pod(string name, string labels = "", string[]? ports = null, bool hostNetwork = false, bool v4 = true,
        bool v6 = true, string? workload = null, string[]? hostPorts = null)
    {
        var number = _pods.Count + 2;
        var (ns, shortName) = SplitName(name);
        var pod = new PodObject(ns, shortName, Selector.Labels(labels), [.. (ports ?? []).Select(ContainerPort)],
            hostNetwork, [], NextLine())
        {
            Workload = workload,
            HostPorts = [.. (hostPorts ?? []).Select(HostPort)],
        };
        _pods.Add(hostNetwork
            ? new PodEndpoint(pod, Node.IPv4, Node.IPv6)
            : new PodEndpoint(pod, v4 ? IPAddress.Parse($"10.244.{number >> 8}.{number & 255}") : null,
                v6 ? IPAddress.Parse($"fd00:10:244::{number:x}") : null));
        return this;
    }

    /// <summary>
    /// A direction is isolated exactly where its rules are given: null for not isolated, empty for closed.
    /// </summary>
    public Lab Policy(string name, string select = "{}", NetworkPolicyRule[]? ingress = null,
        NetworkPolicyRule[]? egress = null)
    {
        var (ns, shortName) = SplitName(name);
        return Policy(new NetworkPolicyObject(
            ns, shortName, Selector.Labels(""), Selector.Of(select), ingress is not null, egress is not null,
            ingress ?? [], egress ?? [], NextLine()));
    }

    public Lab Policy(NetworkPolicyObject policy)
    {
        _policies.Add(policy);
        return this;
    }

    public Lab Admin(string name, int priority, TierRule[]? ingress = null, TierRule[]? egress = null,
        string namespaces = "{}", string? pods = null) =>
        Tier("ClusterNetworkPolicy", name, PolicyTier.Admin, priority, ingress, egress, namespaces, pods);

    public Lab Baseline(TierRule[]? ingress = null, TierRule[]? egress = null, string namespaces = "{}",
        string? pods = null) =>
        Tier("BaselineAdminNetworkPolicy", "default", PolicyTier.Baseline, 1001, ingress, egress, namespaces, pods);

    public Lab Baseline(string name, int priority, TierRule[]? ingress = null, TierRule[]? egress = null) =>
        Tier("ClusterNetworkPolicy", name, PolicyTier.Baseline, priority, ingress, egress, "{}", null);

    private Lab Tier(string kind, string name, PolicyTier tier, int priority, TierRule[]? ingress, TierRule[]? egress,
        string namespaces, string? pods)
    {
        var subject =
            new TierSubject(Selector.Of(namespaces), pods is null ? null : Selector.Of(pods), Selector.Nowhere);
        _tiers.Add(new TierPolicyObject(kind, name, Selector.Labels(""), tier, priority, subject, ingress ?? [],
            egress ?? [], NextLine()));
        return this;
    }

    public Lab NodeLabels(string labels)
    {
        _nodeLabels = Selector.Labels(labels);
        return this;
    }

    /// <param name="probe">As <see cref="ProbeText"/> reads it.</param>
    public Flow Flow(string from, string to, string probe = "TCP:80",
        AddressFamily family = AddressFamily.InterNetwork) =>
        new(Endpoint(from), Endpoint(to), Probe(probe), family);

    public Verdict Judge(string from, string to, string probe = "TCP:80",
        AddressFamily family = AddressFamily.InterNetwork) =>
        Oracle.Evaluate(Cluster, Flow(from, to, probe, family));

    public bool Allows(string from, string to, string probe = "TCP:80",
        AddressFamily family = AddressFamily.InterNetwork) =>
        Judge(from, to, probe, family).Allowed;

    public Endpoint Endpoint(string name) =>
        EndpointNames.Resolve(Cluster, name) is { Endpoint: { } found } ? found
            : throw new ArgumentException($"no endpoint {name}");

    public static Probe Probe(string text) =>
        ProbeText.TryParse(text, out var probe, out var error) ? probe : throw new ArgumentException(error);

    private static ContainerPort ContainerPort(string text)
    {
        var (name, port) = text.Split('=') is [var first, var rest] ? (first, rest) : (null, text);
        var parts = port.Split(' ');
        return new ContainerPort(name, ushort.Parse(parts[1]),
            Enum.Parse<TransportProtocol>(parts[0], ignoreCase: true), Selector.Nowhere);
    }

    private static HostPort HostPort(string text)
    {
        var parts = text.Split(' ');
        return new HostPort(ushort.Parse(parts[1]), parts.Length > 3 ? IPAddress.Parse(parts[3]) : null,
            Enum.Parse<TransportProtocol>(parts[0], ignoreCase: true), ushort.Parse(parts[2]), Selector.Nowhere);
    }

    private static (string Namespace, string Name) SplitName(string full) =>
        full.Split('/') is [var ns, var name] ? (ns, name) : ("default", full);

    private SourcePosition NextLine() => new("test.yaml", ++_line, 1);
}
