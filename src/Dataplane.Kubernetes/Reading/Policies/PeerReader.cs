using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>networking.k8s.io/v1 NetworkPolicyPeer and IPBlock.</summary>
internal static class PeerReader
{
    private static readonly FieldTable IpBlockTable = new("IPBlock", "cidr", "except");

    public static readonly FieldTable Table = new("NetworkPolicyPeer",
        new Field("podSelector", FieldShape.Object, SelectorReader.Table),
        new Field("namespaceSelector", FieldShape.Object, SelectorReader.Table),
        new Field("ipBlock", FieldShape.Object, IpBlockTable));

    /// <summary>Null, reported, where the peer is not valid.</summary>
    public static NetworkPolicyPeer? Read(NodeReader at)
    {
        if (at.IsNull)
        {
            at.Error(Codes.InvalidPeer, $"{at.Path} is empty: a peer needs podSelector, namespaceSelector or ipBlock",
                help: "remove the item, or say who is meant");
            return null;
        }
        if (at.Mapping(Table) is not { } peer)
        {
            return null;
        }
        var pods = peer.Field("podSelector") is { } p ? SelectorReader.Read(p) : null;
        var namespaces = peer.Field("namespaceSelector") is { } n ? SelectorReader.Read(n) : null;
        var block = peer.Field("ipBlock");
        var range = block is { } b ? ReadIpBlock(b) : null;
        if (block is not null && (pods is not null || namespaces is not null))
        {
            peer.Key("ipBlock").Error(Codes.InvalidPeer, $"{at.Path} has ipBlock together with a selector",
                "may only stand alone",
                help: "write two items: one with ipBlock, one with the selectors");
            return null;
        }
        // A peer whose only content was an unknown field has been reported already.
        if (block is null && pods is null && namespaces is null && peer.Entries.All(e => Table.Knows(e.Key.Value)))
        {
            at.Error(Codes.InvalidPeer, $"{at.Path} is empty: a peer needs podSelector, namespaceSelector or ipBlock",
                help: "for all pods of the namespace write `podSelector: {}`, for all pods anywhere "
                    + "`namespaceSelector: {}`");
            return null;
        }
        return block is not null && range is null ? null : new NetworkPolicyPeer(pods, namespaces, range, at.Position);
    }

    public static void WarnEmpty(NodeReader at, string consequence)
        => at.Bag.Add(new Diagnostic(Codes.EmptyItem, Severity.Warning, $"{at.Path} is empty", at.Position, 1,
            "nothing follows this `-`",
            consequence, "write `{}` if that is meant, or indent what should stand here"));

    private static IpBlock? ReadIpBlock(NodeReader at)
    {
        if (at.Mapping(IpBlockTable) is not { } block || block.Required("cidr") is not { } cidr)
        {
            return null;
        }
        var range = ReadCidr(cidr);
        var except = new List<IPNetwork>();
        foreach (var item in block.Items("except"))
        {
            if (ReadCidr(item) is not { } hole || range is null)
            {
                continue;
            }
            if (!Addresses.IsStrictSubset(hole, range.Value))
            {
                item.Error(Codes.InvalidIpBlock, $"except {hole} must lie inside cidr {range} and be smaller",
                    "not a part of it",
                    "`except` only takes addresses away from its own `cidr`");
                continue;
            }
            except.Add(hole);
        }
        return range is null ? null : new IpBlock(range.Value, except, at.Position);
    }

    private static IPNetwork? ReadCidr(NodeReader at)
    {
        if (at.String() is not { } text)
        {
            return null;
        }
        if (Addresses.ParseCidr(text, out var network) is { } wrong)
        {
            at.Error(Codes.InvalidIpBlock, $"{Quote.Of(text)} is not a valid CIDR", wrong);
            return null;
        }
        return network;
    }
}
