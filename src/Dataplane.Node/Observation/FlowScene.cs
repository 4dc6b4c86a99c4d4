using System.Collections.Concurrent;
using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Rules.Shape;

namespace Dataplane.Node.Observation;

/// <summary>
/// An enforced state, as the flow log needs it: names for addresses and ports, and the policy that denied a flow. Safe
/// to use from several threads.
/// </summary>
public sealed class FlowScene
{
    /// <summary>Maximum number of remembered decisions; beyond it the memory is cleared.</summary>
    private const int MaxRemembered = 10_000;

    private readonly Cluster _cluster;

    // Made at the first lookup: most states are replaced before a name is asked for.
    private readonly Lazy<IReadOnlyDictionary<InterfaceIndex, string>> _ports;
    private readonly Lazy<Dictionary<IpAddressValue, Endpoint>> _byAddress;
    private readonly Lazy<ServiceNaming> _services;
    private readonly ConcurrentDictionary<(PacketFacts Facts, string Reason), FlowDecision?> _decisions = [];

    /// <param name="cluster">The enforced state.</param>
    /// <param name="ports">The pod behind each bridge port, by interface index. Called at the first lookup.</param>
    public FlowScene(Cluster cluster, Func<IReadOnlyDictionary<InterfaceIndex, string>> ports)
        : this(cluster, new(ports), new(() => Addresses(cluster)), new(() => new ServiceNaming(cluster)))
    {
    }

    private FlowScene(Cluster cluster, Lazy<IReadOnlyDictionary<InterfaceIndex, string>> ports,
        Lazy<Dictionary<IpAddressValue, Endpoint>> byAddress, Lazy<ServiceNaming> services) =>
        (_cluster, _ports, _byAddress, _services) = (cluster, ports, byAddress, services);

    /// <summary>The scene of the next state. It shares the names of this one if the pods are the same.</summary>
    /// <param name="ports">Null: the ports have not changed.</param>
    public FlowScene Next(Cluster cluster, Func<IReadOnlyDictionary<InterfaceIndex, string>>? ports) =>
        new(cluster, ports is null ? _ports : new(ports),
        ReferenceEquals(cluster.Pods, _cluster.Pods) && cluster.Node == _cluster.Node ? _byAddress
            : new(() => Addresses(cluster)),
        ReferenceEquals(cluster.Services, _cluster.Services) && cluster.Node == _cluster.Node ? _services
            : new(() => new ServiceNaming(cluster)));

    /// <summary>The Service that a packet was for, before its destination was translated; null: none's.</summary>
    internal string? Service(PacketFacts asked) => _services.Value.Find(asked);

    internal string Name(IpAddressValue address) =>
        _byAddress.Value.TryGetValue(address, out var endpoint) ? endpoint.Name : address.ToString();

    /// <summary>The pod at this bridge port; null for other interfaces.</summary>
    internal string? PodAt(InterfaceIndex port) => _ports.Value.GetValueOrDefault(port);

    /// <summary>
    /// The policy that denies the packet; null if the drop reason is not a policy's, or if the policies of this state
    /// allow the packet.
    /// </summary>
    internal FlowDecision? Decision(PacketFacts facts, string reason)
    {
        if (reason is not (DropReason.Egress or DropReason.EgressTier or DropReason.Ingress or DropReason.IngressTier))
            return null;
        var key = (facts with { SourcePort = 0 }, reason);
        if (_decisions.TryGetValue(key, out var known)) return known;
        // After a change of epoch the next packet of an old connection is judged, in either direction. If this
        // direction is not denied, the packet was a reply: the reverse flow is asked for.
        var decision = Judge(facts, reason) ?? Judge(facts.Reversed, reason);
        if (_decisions.Count >= MaxRemembered) _decisions.Clear();
        return _decisions[key] = decision;
    }

    private FlowDecision? Judge(PacketFacts facts, string reason)
    {
        if (facts.FlowProtocol is not { } protocol) return null;
        var (from, to) = (Endpoint(facts.Source), Endpoint(facts.Destination));
        if (from is ExternalEndpoint && to is ExternalEndpoint) return null;
        var verdict =
            Oracle.Evaluate(_cluster, new Flow(from, to, new Probe(protocol, facts.Port), facts.Source.Family));
        var isEgress = reason is DropReason.Egress or DropReason.EgressTier;
        var side = isEgress ? verdict.Leaving : verdict.Entering;
        return Decision(side, isEgress ? "egress" : "ingress");
    }

    /// <summary>The policy and the line that deny a side; null where it allows.</summary>
    internal static FlowDecision? Decision(SideVerdict side, string direction)
    {
        if (side.Allowed) return null;
        if (side.DecidedBy is { } rule)
            return new FlowDecision(direction, rule.Policy.Name, rule.Position.File, rule.Position.Line);
        return side.IsolatedBy is [var first, ..]
            ? new FlowDecision(direction, first.Name, first.Position.File, first.Position.Line) : null;
    }

    private Endpoint Endpoint(IpAddressValue address) =>
        _byAddress.Value.TryGetValue(address, out var endpoint) ? endpoint
            : new ExternalEndpoint(address.ToIPAddress());

    private static Dictionary<IpAddressValue, Endpoint> Addresses(Cluster cluster)
    {
        var found = new Dictionary<IpAddressValue, Endpoint>();
        foreach (var endpoint in cluster.Pods.Where(p => !p.IsHostNetwork).Append<Endpoint>(cluster.Node))
        {
            foreach (var family in AddressFamilies.All)
                if (endpoint.AddressIn(family) is { } address) found[IpAddressValue.From(address)] = endpoint;
        }
        return found;
    }
}
