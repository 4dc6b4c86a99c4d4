using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>networking.k8s.io/v1 NetworkPolicy, with the defaults and the validation of the API server.</summary>
internal static class NetworkPolicyReader
{
    private const string OpenRule = "a rule without `from` and `ports` allows ALL sources on ALL ports";
    private const string OpenEgressRule = "a rule without `to` and `ports` allows ALL destinations on ALL ports";

    public static readonly FieldTable Ingress = new("NetworkPolicyIngressRule",
        new Field("from", FieldShape.List, PeerReader.Table, OpenRule),
        new Field("ports", FieldShape.List, PolicyPortReader.Table, "a rule without `ports` allows ALL ports"));

    public static readonly FieldTable Egress = new("NetworkPolicyEgressRule",
        new Field("to", FieldShape.List, PeerReader.Table, OpenEgressRule),
        new Field("ports", FieldShape.List, PolicyPortReader.Table, "a rule without `ports` allows ALL ports"));

    public static readonly FieldTable Spec = new("NetworkPolicySpec",
        new Field("podSelector", FieldShape.Object, SelectorReader.Table,
            "an empty `spec.podSelector` selects EVERY pod in the namespace"),
        "policyTypes", new Field("ingress", FieldShape.List, Ingress), new Field("egress", FieldShape.List, Egress));

    public static readonly FieldTable Table = new(ObjectKinds.NetworkPolicy.Name, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table),
        new Field("spec", FieldShape.Object, Spec,
            "without `spec` a policy selects EVERY pod in the namespace and denies all ingress"), "status");

    private static readonly string[] PolicyTypes = ["Ingress", "Egress"];

    public static NetworkPolicyObject? Read(MappingReader obj)
    {
        var metadata = MetadataReader.Read(obj, ObjectKinds.NetworkPolicy, Names.Subdomain);
        var podSelector = new LabelSelector([], obj.Position);
        IReadOnlyList<string> types = [];
        SourcePosition? typesAt = null, egressAt = null;
        IReadOnlyList<NetworkPolicyRule> ingress = [], egress = [];
        var errors = obj.Self.Bag.Errors;
        if (obj.Field("spec") is { } specNode && specNode.Mapping(Spec, Hints(specNode.Node)) is { } spec)
        {
            podSelector = spec.Field("podSelector") is { } selector
                ? SelectorReader.Read(selector) : new LabelSelector([], spec.Position);
            types = ReadTypes(spec);
            typesAt = types.Count > 0 ? spec.Key("policyTypes").Position : null;
            ingress = [.. spec.Items("ingress").Select(r => ReadRule(r, Ingress, "from"))];
            egressAt = spec.Mapping.TryGet("egress", out _) ? spec.Key("egress").Position : null;
            egress = [.. spec.Items("egress").Select(r => ReadRule(r, Egress, "to"))];
        }
        var isolatesIngress = types.Count == 0 || types.Contains("Ingress");
        var isolatesEgress = types.Count == 0 ? egress.Count > 0 : types.Contains("Egress");
        return metadata is null ? null : new NetworkPolicyObject(
            metadata.Namespace, metadata.Name, metadata.Labels, podSelector, isolatesIngress, isolatesEgress,
            ingress, egress, obj.Position)
        {
            PolicyTypesPosition = typesAt,
            EgressPosition = egressAt,
            // Beside a field that is not known, what is missing may only be misspelled.
            EmptyFields = obj.Self.Bag.Errors > errors || obj.Entries.Any(e => !Table.Knows(e.Key.Value)) ? []
                : EmptyFields.Of(obj, isolatesIngress, isolatesEgress),
        };
    }

    /// <summary>Empty where none are given, which means "as the rules show".</summary>
    private static IReadOnlyList<string> ReadTypes(MappingReader spec)
    {
        var items = spec.Items("policyTypes");
        if (items.Count > PolicyTypes.Length)
        {
            spec.Key("policyTypes").Error(Codes.InvalidValue, "policyTypes takes at most two entries",
                help: "name Ingress and Egress once each");
        }
        return [.. items.Select(i => Words.Read(i, PolicyTypes)).OfType<string>()];
    }

    private static NetworkPolicyRule ReadRule(NodeReader at, FieldTable table, string peersField)
    {
        if (at.IsNull)
        {
            PeerReader.WarnEmpty(at, "a rule without anything allows ALL peers on ALL ports");
            return new NetworkPolicyRule([], [], at.Position);
        }
        return at.Mapping(table) is not { } rule
            ? new NetworkPolicyRule([], [], at.Position)
            : new NetworkPolicyRule(
                [.. rule.Items(peersField).Select(PeerReader.Read).OfType<NetworkPolicyPeer>()],
                [.. rule.Items("ports").Select(PolicyPortReader.Read).OfType<NetworkPolicyPort>()], at.Position);
    }

    /// <summary>policyTypes says which of ingress and egress is meant: <c>engress</c> is one edit from both.</summary>
    private static UnknownFieldHints Hints(YamlNode spec)
    {
        var named = spec is YamlMapping map && map.TryGet("policyTypes", out var entry)
            && entry.Value is YamlSequence list
            ? list.Items.OfType<YamlScalar>().Select(s => s.Value).ToHashSet() : [];
        var avoid = PolicyTypes.Where(t => named.Count > 0 && !named.Contains(t)).Select(t => t.ToLowerInvariant())
            .ToHashSet();
        return new UnknownFieldHints(avoid, field => field switch
        {
            "egress" when named.Contains("Egress") =>
                "`policyTypes` lists Egress, so with this key ignored the selected pods could send NOTHING (DNS "
                + "included)",
            "ingress" when named.Count == 0 || named.Contains("Ingress") =>
                "with this key ignored the selected pods would accept NOTHING",
            "podSelector" => "without a podSelector the policy selects EVERY pod in the namespace",
            _ => null,
        });
    }
}
