using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>
/// Subjects and peers of the kinds of policy.networking.k8s.io; every one of them has exactly one field.
/// </summary>
internal static class TierPeerReader
{
    private const int MaxNetworks = 25;

    private static readonly FieldTable NamespacedPod = new("NamespacedPod",
        new Field("namespaceSelector", FieldShape.Object, SelectorReader.Table,
            "an empty `namespaceSelector` selects EVERY namespace"),
        new Field("podSelector", FieldShape.Object, SelectorReader.Table,
            "an empty `podSelector` selects EVERY pod of the namespaces"));

    private static readonly Field Namespaces = new("namespaces", FieldShape.Object, SelectorReader.Table,
        "empty `namespaces` select EVERY namespace");
    private static readonly Field Pods = new("pods", FieldShape.Object, NamespacedPod);
    private static readonly Field Nodes = new("nodes", FieldShape.Object, SelectorReader.Table);

    public static readonly FieldTable Subject = new("NetworkPolicySubject", Namespaces, Pods);
    public static readonly FieldTable IngressPeer = new("NetworkPolicyIngressPeer", Namespaces, Pods);

    /// <summary>
    /// BaselineAdminNetworkPolicy has no <c>domainNames</c>; it is refused anyway, and for the better reason.
    /// </summary>
    public static readonly FieldTable EgressPeer = new("NetworkPolicyEgressPeer", Namespaces, Pods, Nodes, "networks",
        "domainNames");

    /// <summary>Null, reported, where the subject is not valid.</summary>
    public static TierSubject? ReadSubject(NodeReader at)
    {
        if (at.Mapping(Subject) is not { } subject || Only(subject, Subject) is not { } field)
        {
            return null;
        }
        var (namespaces, pods) = ReadPods(field.Value, field.Name);
        return namespaces is null ? null : new TierSubject(namespaces, pods, at.Position);
    }

    /// <summary>Null, reported, where the peer is not valid.</summary>
    public static TierPeer? ReadPeer(NodeReader at, bool egress)
    {
        var table = egress ? EgressPeer : IngressPeer;
        if (at.IsNull)
        {
            at.Error(Codes.InvalidPeer, $"{at.Path} is empty: a peer needs {Choice(table)}",
                help: "remove the item, or say who is meant");
            return null;
        }
        if (!egress && at.Node is YamlMapping map
            && (map.TryGet("networks", out var entry) || map.TryGet("nodes", out entry)))
        {
            at.Child(entry.Key, at.Path).Error(Codes.InvalidPeer, $"{Quote.Of(entry.Key.Value)} cannot be a source",
                "only in egress rules",
                "ingress rules of this API know pods and namespaces only",
                "use a NetworkPolicy with `ipBlock` for sources outside");
            return null;
        }
        if (at.Mapping(table) is not { } peer || Only(peer, table) is not { } field)
        {
            return null;
        }
        switch (field.Name)
        {
            case "nodes":
                return new TierPeer(null, null, SelectorReader.Read(field.Value), [], at.Position);
            case "networks":
                return new TierPeer(null, null, null, ReadNetworks(peer, field.Value), at.Position);
            case "domainNames":
                peer.Key("domainNames").Error(Codes.CannotBeDone, "peers by `domainNames` cannot be enforced here",
                    "packets carry addresses, not names",
                    "if the rule were ignored, what it accepts would fall to the rules after it",
                    "give the addresses as `networks`, or remove the rule");
                return null;
            default:
                var (namespaces, pods) = ReadPods(field.Value, field.Name);
                return namespaces is null ? null : new TierPeer(namespaces, pods, null, [], at.Position);
        }
    }

    /// <summary>The namespace selector is null, reported, where this is no mapping.</summary>
    private static (LabelSelector? Namespaces, LabelSelector? Pods) ReadPods(NodeReader at, string field)
    {
        if (field == "namespaces")
        {
            return (SelectorReader.Read(at), null);
        }
        if (at.Mapping(NamespacedPod) is not { } pods)
        {
            return default;
        }
        return (ReadSelector(pods, "namespaceSelector", "EVERY namespace"),
            ReadSelector(pods, "podSelector", "EVERY pod of the namespaces"));
    }

    /// <summary>
    /// The CRDs require both selectors, yet manifests without one are about and tools read them as "all".
    /// </summary>
    private static LabelSelector ReadSelector(MappingReader pods, string field, string everything)
    {
        if (pods.Field(field) is { } selector)
        {
            return SelectorReader.Read(selector);
        }
        pods.Self.Bag.Add(new Diagnostic(Codes.MissingSelector, Severity.Warning,
            $"{pods.Self.Path.Field(field)} is missing", pods.Position, 1,
            $"taken as {everything}", "an API server refuses the object, and then nothing in it is enforced",
            $"write `{field}: {{}}` if that is meant") { Fix = FieldMoves.WithEmpty(pods, field) });
        return new LabelSelector([], pods.Position);
    }

    private static List<IPNetwork> ReadNetworks(MappingReader peer, NodeReader at)
    {
        var networks = new List<IPNetwork>();
        var items = at.Items();
        if ((items.Count == 0 && at.Node is YamlSequence) || items.Count > MaxNetworks)
        {
            peer.Key("networks").Error(items.Count == 0 ? Codes.InvalidPeer : Codes.TooManyItems,
                $"{at.Path} must have 1 to {MaxNetworks} items", $"has {items.Count}");
        }
        var seen = new HashSet<string>();
        foreach (var item in items)
        {
            if (IpBlockReader.ReadItem(item) is not { } network)
            {
                continue;
            }
            var text = ((YamlScalar)item.Node).Value;
            if (!seen.Add(text))
            {
                item.Error(Codes.InvalidIpBlock, $"{Quote.Of(text)} is given twice", "again here",
                    help: "remove the item");
            }
            else
            {
                networks.Add(network);
            }
        }
        return networks;
    }

    /// <summary>The one field that is set; null, reported, where there are none or several.</summary>
    private static (string Name, NodeReader Value)? Only(MappingReader reader, FieldTable table)
    {
        var what = table == Subject ? "a subject" : "a peer";
        var code = table == Subject ? Codes.NotExactlyOne : Codes.InvalidPeer;
        (string, NodeReader)? found = null;
        foreach (var field in table.Fields)
        {
            if (reader.Field(field.Name) is not { } value)
            {
                continue;
            }
            if (found is not null)
            {
                reader.Key(field.Name).Error(code, $"{reader.Self.Path} has more than one of {Choice(table)}",
                    $"{what} has exactly one of them",
                    help: "for pods of some namespaces write `pods:` with a `namespaceSelector` and a `podSelector`");
                return null;
            }
            found = (field.Name, value);
        }
        // An unknown field as the only content has been reported already.
        if (found is null && reader.Entries.All(e => table.Knows(e.Key.Value)))
        {
            reader.Self.Error(code, $"{reader.Self.Path} is empty: {what} needs {Choice(table)}",
                help: "to mean every pod write `namespaces: {}`");
        }
        return found;
    }

    private static string Choice(FieldTable table)
        => string.Join(", ", table.Fields.SkipLast(1).Select(f => f.Name)) + " or " + table.Fields[^1].Name;
}
