using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Compilation.Sets;

/// <summary>
/// The pods that a policy or a rule selects, as written: the pods of any of its terms, optionally only those that
/// declare a port. Selections with equal keys select the same pods in every cluster.
/// </summary>
internal sealed class Selection
{
    private readonly IReadOnlyList<PodTerm> _pods;
    private readonly IReadOnlyList<IpBlock> _blocks;
    private readonly IReadOnlyList<LabelSelector> _nodes;
    private readonly (TransportProtocol Protocol, string Name, ushort Number)? _declares;

    private Selection(IReadOnlyList<PodTerm> pods, IReadOnlyList<IpBlock> blocks, IReadOnlyList<LabelSelector> nodes,
        (TransportProtocol Protocol, string Name, ushort Number)? declares = null)
    {
        (_pods, _blocks, _nodes, _declares) = (pods, blocks, nodes, declares);
        Namespaces = pods.All(p => p.Namespace is not null) ? pods.Select(p => p.Namespace!).ToHashSet() : null;
        var needed = pods.Select(p => Needed(p.Labels)).ToList();
        Labels = IsAnywhere || needed.Contains(null) ? null : needed.SelectMany(l => l!).ToHashSet();
        Key = string.Join('\n', pods.Select(p => p.Key).Concat(blocks.Select(Text))
            .Concat(nodes.Select(n => $"nodes {Text(n)}")).Distinct().Order(StringComparer.Ordinal))
            + (declares is { } port ? $"\ndeclares {port.Protocol} {port.Number} {port.Name}" : "");
    }

    public string Key { get; }

    /// <summary>
    /// The namespaces that the terms name. Null: at least one term selects namespaces by labels, or means all.
    /// </summary>
    public IReadOnlyCollection<string>? Namespaces { get; }

    /// <summary>
    /// Labels of which every selected pod has at least one; null: there are no such labels.
    /// </summary>
    public IReadOnlyCollection<(string Key, string Value)>? Labels { get; }

    /// <summary>Whether it may select addresses of any namespace: it has blocks, or selects nodes.</summary>
    public bool IsAnywhere => _blocks.Count > 0 || _nodes.Count > 0;

    /// <summary>The pods of a namespace, as a policy in it selects them.</summary>
    public static Selection Pods(string ns, LabelSelector labels) => new([new PodTerm(ns, null, labels)], [], []);

    /// <summary>The pods of the selected namespaces.</summary>
    public static Selection Pods(LabelSelector namespaces, LabelSelector? labels) =>
        new([new PodTerm(null, namespaces, labels)], [], []);

    /// <summary>The peers of a NetworkPolicy's rule; an empty list means every pod.</summary>
    public static Selection Peers(string ownNamespace, IReadOnlyList<NetworkPolicyPeer> peers) => peers.Count == 0
        ? new Selection([new PodTerm(null, null, null)], [], [])
        : new Selection(
            [.. peers.Where(p => p.IpBlock is null).Select(p => new PodTerm(
                p.NamespaceSelector is null ? ownNamespace : null, p.NamespaceSelector, p.PodSelector))],
            [.. peers.Select(p => p.IpBlock).OfType<IpBlock>()], []);

    /// <summary>The peers of a tier rule.</summary>
    public static Selection Peers(IReadOnlyList<TierPeer> peers) => new(
        [.. peers.Where(p => p.NamespaceSelector is not null)
            .Select(p => new PodTerm(null, p.NamespaceSelector, p.PodSelector))],
        [.. peers.SelectMany(p => p.Networks, (p, network) => new IpBlock(network, [], p.Position))],
        [.. peers.Select(p => p.Nodes).OfType<LabelSelector>()]);

    /// <summary>
    /// The peers of a NetworkPolicy's rule without their podSelectors and ipBlock exceptions; null: the selection has
    /// none of these.
    /// </summary>
    public Selection? Hull()
    {
        if (_pods.All(p => p.Labels is not { Requirements.Count: > 0 }) && _blocks.All(b => b.Except.Count == 0))
            return null;
        return new Selection([.. _pods.Select(p => p with { Labels = null })],
            [.. _blocks.Select(b => b with { Except = [] })], []);
    }

    /// <summary>The selected pods that declare a port of this name and number.</summary>
    public Selection Declaring(TransportProtocol protocol, string name, ushort number) =>
        new(_pods, _blocks, _nodes, (protocol, name, number));

    /// <summary>Whether a term covers the namespace, so that pods in it may be selected.</summary>
    public bool Concerns(PodIndex.NamespaceEntry ns) => _pods.Any(p => p.Covers(ns));

    /// <summary>Whether the selection includes an item.</summary>
    /// <param name="ns">The namespace of the item; null: it is one of the node's own addresses.</param>
    public bool Means(PodItem item, PodIndex.NamespaceEntry? ns, IReadOnlyDictionary<string, string> nodeLabels)
    {
        if (_declares is not null && !(item.Pod?.Pod.Ports.Any(Declares) ?? false)) return false;
        if (ns is not null)
        {
            foreach (var term in _pods)
                if (term.Covers(ns) && (term.Labels is null || Matches(term.Labels, item.Pod!.Pod.Labels))) return true;
        }
        foreach (var block in _blocks)
            if (block.Cidr.Contains(item.Address) && !block.Except.Any(e => e.Contains(item.Address))) return true;
        return ns is null && _nodes.Any(n => Matches(n, nodeLabels));

        bool Declares(ContainerPort port) => _declares is var (protocol, name, number)
            && port.Protocol == protocol && port.Port == number && port.Name == name;
    }

    /// <summary>Labels of one key of which the selector requires one; null: there are no such labels.</summary>
    internal static IReadOnlyCollection<(string Key, string Value)>? Needed(LabelSelector? selector) =>
        selector?.Requirements.FirstOrDefault(r => r.Operator == SelectorOperator.In) is { } needed
            ? [.. needed.Values.Distinct().Select(value => (needed.Key, value))] : null;

    /// <summary>
    /// Whether a selector matches labels. Not shared with the oracle: tests compare the two, and would not find a
    /// shared mistake.
    /// </summary>
    internal static bool Matches(LabelSelector selector, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in selector.Requirements)
        {
            var isThere = labels.TryGetValue(requirement.Key, out var value);
            var holds = requirement.Operator switch
            {
                SelectorOperator.In => isThere && requirement.Values.Contains(value!),
                // NotIn and DoesNotExist match objects that lack the key.
                SelectorOperator.NotIn => !isThere || !requirement.Values.Contains(value!),
                SelectorOperator.Exists => isThere,
                SelectorOperator.DoesNotExist => !isThere,
                _ => throw new ArgumentOutOfRangeException(nameof(selector), requirement.Operator,
                    "unknown selector operator"),
            };
            if (!holds) return false;
        }
        return true;
    }

    private static string Text(IpBlock block) =>
        $"block {block.Cidr} {string.Join(' ', block.Except.Select(e => e.ToString()).Order(StringComparer.Ordinal))}";

    private static string Text(LabelSelector? selector) =>
        selector is null ? "-" : string.Join(',', selector.Requirements
        .Select(r => $"{r.Key} {r.Operator} {string.Join(' ', r.Values.Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal));

    /// <param name="Namespace">
    /// The name of the one namespace; null: those that <paramref name="Namespaces"/> selects, or all if that is null
    /// too.
    /// </param>
    /// <param name="Labels">The selector of pods in them; null: all.</param>
    private sealed record PodTerm(string? Namespace, LabelSelector? Namespaces, LabelSelector? Labels)
    {
        public string Key => $"pods {Namespace} {Text(Namespaces)} {Text(Labels)}";

        public bool Covers(PodIndex.NamespaceEntry ns) =>
            Namespace is not null ? Namespace == ns.Name : Namespaces is null || Matches(Namespaces, ns.Labels);
    }
}
