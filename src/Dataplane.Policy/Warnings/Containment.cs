using System.Net;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Warnings;

/// <summary>
/// Whether one rule matches all that another does, judged by how they are written: true is certain in every cluster,
/// false only means that it does not show.
/// </summary>
internal static class Containment
{
    public static bool Covers(NetworkPolicyRule wide, NetworkPolicyRule narrow)
        => (wide.Peers.Count == 0 || (narrow.Peers.Count > 0
            && narrow.Peers.All(n => wide.Peers.Any(w => Covers(w, n)))))
           && (wide.Ports.Count == 0 || (narrow.Ports.Count > 0
               && narrow.Ports.All(n => wide.Ports.Any(w => Covers(w, n)))));

    public static bool Covers(TierRule wide, TierRule narrow)
        => narrow.Peers.Count > 0 && narrow.Peers.All(n => wide.Peers.Any(w => Covers(w, n)))
           && (wide.Ports.Count == 0 || (narrow.Ports.Count > 0
               && narrow.Ports.All(n => wide.Ports.Any(w => Covers(w, n)))));

    public static bool Covers(TierSubject wide, TierSubject narrow)
        => Covers(wide.NamespaceSelector, narrow.NamespaceSelector) && CoversPods(wide.PodSelector, narrow.PodSelector);

    private static bool Covers(NetworkPolicyPeer wide, NetworkPolicyPeer narrow)
    {
        if (wide.IpBlock is { } block)
        {
            return narrow.IpBlock is { } other && Covers(block, other);
        }
        // Both stand in policies of one namespace, which is what a missing namespaceSelector means.
        var namespaces = wide.NamespaceSelector is { } w
            ? narrow.NamespaceSelector is { } n ? Covers(w, n) : w.Requirements.Count == 0
            : narrow.NamespaceSelector is null;
        return narrow.IpBlock is null && namespaces && CoversPods(wide.PodSelector, narrow.PodSelector);
    }

    private static bool Covers(TierPeer wide, TierPeer narrow)
    {
        if (wide.Nodes is { } nodes)
        {
            return narrow.Nodes is { } other && Covers(nodes, other);
        }
        if (wide.NamespaceSelector is { } namespaces)
        {
            return narrow.NamespaceSelector is { } other && Covers(namespaces, other)
                && CoversPods(wide.PodSelector, narrow.PodSelector);
        }
        return narrow.Networks.Count > 0 && narrow.Networks.All(n => wide.Networks.Any(w => Covers(w, n)));
    }

    private static bool CoversPods(LabelSelector? wide, LabelSelector? narrow)
        => wide is not { Requirements.Count: > 0 } || (narrow is not null && Covers(wide, narrow));

    /// <summary>Every requirement of the wide one follows from some requirement of the narrow one.</summary>
    private static bool Covers(LabelSelector wide, LabelSelector narrow)
        => wide.Requirements.All(w => narrow.Requirements.Any(n => Follows(w, n)));

    private static bool Follows(SelectorRequirement wide, SelectorRequirement narrow) =>
        wide.Key == narrow.Key && wide.Operator switch
    {
        SelectorOperator.In => narrow.Operator == SelectorOperator.In && narrow.Values.All(wide.Values.Contains),
        SelectorOperator.Exists => narrow.Operator is SelectorOperator.In or SelectorOperator.Exists,
        SelectorOperator.NotIn => narrow.Operator switch
        {
            SelectorOperator.NotIn => wide.Values.All(narrow.Values.Contains),
            SelectorOperator.In => !narrow.Values.Any(wide.Values.Contains),
            _ => narrow.Operator == SelectorOperator.DoesNotExist,
        },
        _ => narrow.Operator == SelectorOperator.DoesNotExist,
    };

    private static bool Covers(IpBlock wide, IpBlock narrow)
        => Covers(wide.Cidr, narrow.Cidr)
           && wide.Except.All(hole => narrow.Except.Any(n => Covers(n, hole))
               || !(Covers(hole, narrow.Cidr) || Covers(narrow.Cidr, hole)));

    private static bool Covers(IPNetwork wide, IPNetwork narrow)
        => wide.BaseAddress.AddressFamily == narrow.BaseAddress.AddressFamily
            && wide.PrefixLength <= narrow.PrefixLength && wide.Contains(narrow.BaseAddress);

    private static bool Covers(NetworkPolicyPort wide, NetworkPolicyPort narrow)
    {
        if (wide.Protocol != narrow.Protocol)
        {
            return false;
        }
        if (wide.Name is null && wide.Port is null)
        {
            return true;
        }
        return wide.Name is not null || narrow.Name is not null ? wide.Name == narrow.Name
            : narrow.Port is { } first && wide.Port <= first
                && (wide.EndPort ?? wide.Port) >= (narrow.EndPort ?? first);
    }

    private static bool Covers(TierPort wide, TierPort narrow)
        => wide.Name is not null || narrow.Name is not null ? wide.Name == narrow.Name
            : wide.Protocol == narrow.Protocol && wide.First <= narrow.First && wide.Last >= narrow.Last;
}
