using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>networking.k8s.io/v1 NetworkPolicyPeer and IPBlock.</summary>
internal static class PeerReader
{
    public static readonly FieldTable Table = new("NetworkPolicyPeer",
        new Field("podSelector", FieldShape.Object, SelectorReader.Table),
        new Field("namespaceSelector", FieldShape.Object, SelectorReader.Table),
        new Field("ipBlock", FieldShape.Object, IpBlockReader.Table));

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
        var range = block is { } b ? IpBlockReader.Read(b) : null;
        if (block is not null && (pods is not null || namespaces is not null))
        {
            peer.Key("ipBlock").Error(Codes.InvalidPeer, $"{at.Path} has ipBlock together with a selector",
                "may only stand alone",
                help: "write two items: one with ipBlock, one with the selectors",
                fix: FieldMoves.InTwo(peer, "ipBlock"));
            return null;
        }
        // A peer whose only content was an unknown field has been reported already.
        if (block is null && pods is null && namespaces is null && peer.Entries.All(e => Table.Knows(e.Key.Value)))
        {
            ReportEmpty(peer);
            return null;
        }
        return block is not null && range is null ? null : new NetworkPolicyPeer(pods, namespaces, range, at.Position);
    }

    public static void WarnEmpty(NodeReader at, string consequence)
        => at.Bag.Add(new Diagnostic(Codes.EmptyItem, Severity.Warning, $"{at.Path} is empty", at.Position, 1,
            "nothing follows this `-`",
            consequence, "write `{}` if that is meant, or indent what should stand here")
        {
            Fix = at.Node is YamlScalar { Value.Length: > 0 } ? at.Replaced("{}")
                : new Fix(YamlText.Insert(at.Position, " {}")),
        });

    /// <summary>A field that is given without a value counts as not given, and says what was meant.</summary>
    private static void ReportEmpty(MappingReader peer)
    {
        var message = $"{peer.Self.Path} is empty: a peer needs podSelector, namespaceSelector or ipBlock";
        if (peer.Entries.Count == 0)
        {
            peer.Self.Error(Codes.InvalidPeer, message,
                help: "for all pods of the namespace write `podSelector: {}`, for all pods anywhere "
                    + "`namespaceSelector: {}`");
            return;
        }
        var field = peer.Entries[0].Key.Value;
        var isBlock = field == "ipBlock";
        peer.Key(field).Error(Codes.InvalidPeer, message, $"`{field}` has no value, which counts as not given",
            help: isBlock ? "indent `cidr:` under it"
                : $"write `{field}: {{}}` for every {(field == "podSelector" ? "pod of the namespace" : "namespace")}, "
                    + "or indent its labels under it",
            fix: isBlock ? null : FieldMoves.WithEmpty(peer, field));
    }
}
