using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>
/// policy.networking.k8s.io: ClusterNetworkPolicy (v1alpha2), AdminNetworkPolicy and BaselineAdminNetworkPolicy
/// (v1alpha1), with the validation of their CRDs.
/// </summary>
internal static class TierPolicyReader
{
    private const int MaxPriority = 1000;
    private const int MaxRuleName = 100;
    private const string BaselineName = "default";

    private static readonly string[] Tiers = ["Admin", "Baseline"];

    public static TierPolicyObject? ReadCluster(MappingReader obj) => Read(obj, TierDialect.Cluster, null);

    public static TierPolicyObject? ReadAdmin(MappingReader obj) => Read(obj, TierDialect.Admin, PolicyTier.Admin);

    public static TierPolicyObject? ReadBaseline(MappingReader obj) =>
        Read(obj, TierDialect.Baseline, PolicyTier.Baseline);

    /// <param name="fixedTier">The tier of kinds that have no <c>tier</c> field.</param>
    private static TierPolicyObject? Read(MappingReader obj, TierDialect dialect, PolicyTier? fixedTier)
    {
        var metadata = MetadataReader.Read(obj, dialect.Kind, Names.Subdomain);
        if (metadata is not null && fixedTier == PolicyTier.Baseline && metadata.Name != BaselineName)
        {
            obj.Self.Bag.Add(new Diagnostic(Codes.InvalidName, Severity.Error,
                $"a {dialect.Kind.Name} must be named `{BaselineName}`, not {Quote.Of(metadata.Name)}",
                metadata.NamePosition, metadata.NameLength, "there is only one baseline",
                Help: $"write `name: {BaselineName}`, and merge what others say into it")
            { Fix = new Fix(YamlText.Replace(metadata.NamePosition, metadata.NameLength, BaselineName)) });
        }
        if (obj.Required("spec")?.Mapping(dialect.Spec) is not { } spec)
        {
            return null;
        }
        var tier =
            fixedTier ?? (spec.Required("tier",
            "Admin is asked before the NetworkPolicies, Baseline after them") is { } t
            && Words.Read(t, Tiers) is { } word ? Enum.Parse<PolicyTier>(word) : null);
        var priority = dialect == TierDialect.Baseline ? MaxPriority + 1 : ReadPriority(spec);
        var subject = spec.Required("subject", "say which pods the policy is about") is { } s
            ? TierPeerReader.ReadSubject(s) : null;
        var ingress = ReadRules(spec, "ingress", dialect, dialect.Ingress, "from", tier);
        var egress = ReadRules(spec, "egress", dialect, dialect.Egress, "to", tier);
        return metadata is null || tier is null || priority is null || subject is null
            ? null
            : new TierPolicyObject(dialect.Kind.Name, metadata.Name, metadata.Labels, tier.Value, priority.Value,
                subject, ingress, egress, obj.Position)
            {
                PriorityPosition = dialect == TierDialect.Baseline ? obj.Position : spec.Key("priority").Position,
                EmptyFields = EmptyFields.OfTier(spec, dialect),
            };
    }

    private static int? ReadPriority(MappingReader spec)
    {
        if (spec.Required("priority", "0 to 1000; the lowest number is asked first") is not { } field
            || field.Integer() is not { } value)
        {
            return null;
        }
        if (value is < 0 or > MaxPriority)
        {
            field.Error(Codes.InvalidValue, $"the priority {value} is not in 0 to {MaxPriority}", "out of range",
                help: "the lowest number is asked first");
            return null;
        }
        return (int)value;
    }

    private static List<TierRule> ReadRules(MappingReader spec, string field, TierDialect dialect, FieldTable table,
        string peersField, PolicyTier? tier)
    {
        var rules = new List<TierRule>();
        foreach (var item in Limited(spec, field, dialect.MaxRules))
        {
            if (item.Mapping(table) is { } rule && ReadRule(rule, dialect, peersField, tier) is { } read)
            {
                rules.Add(read);
            }
        }
        return rules;
    }

    private static TierRule? ReadRule(MappingReader rule, TierDialect dialect, string peersField, PolicyTier? tier)
    {
        var name = ReadRuleName(rule);
        var action = rule.Required("action", $"one of {string.Join(", ", dialect.Actions)}") is { } a
            ? ReadAction(a, dialect, tier) : null;
        var peers = new List<TierPeer>();
        if (rule.Required(peersField, "to mean every pod write `- namespaces: {}`") is { } field)
        {
            var items = Limited(rule, peersField, dialect.MaxItems);
            if (items.Count == 0 && field.Node is YamlSequence)
            {
                field.Error(Codes.InvalidPeer, $"{field.Path} is empty", "a rule needs at least one peer",
                    help: "to mean every pod write `- namespaces: {}`");
            }
            foreach (var item in items)
            {
                if (TierPeerReader.ReadPeer(item, egress: peersField == "to") is { } peer)
                {
                    peers.Add(peer);
                }
            }
        }
        var ports = ReadPorts(rule, dialect, peers);
        return action is null ? null : new TierRule(name, action.Value, peers, ports, rule.Position);
    }

    private static List<TierPort> ReadPorts(MappingReader rule, TierDialect dialect, List<TierPeer> peers)
    {
        var ports = new List<TierPort>();
        if (rule.Field(dialect.PortsField) is not { } field)
        {
            return ports;
        }
        var items = Limited(rule, dialect.PortsField, dialect.MaxItems);
        if (items.Count == 0 && field.Node is YamlSequence)
        {
            field.Error(Codes.InvalidPort, $"{field.Path} is empty", "at least one item",
                "an empty list could be read as `nothing` or as `everything`",
                $"remove `{dialect.PortsField}` to mean everything, ICMP included");
        }
        foreach (var item in items)
        {
            if (dialect.ReadPort(item) is not { } port)
            {
                continue;
            }
            ports.Add(port);
            if (port.Name is not null && peers.Exists(p => p.NamespaceSelector is null))
            {
                item.Error(Codes.InvalidPort,
                    $"the named port {Quote.Of(port.Name)} in a rule with a `networks` or `nodes` peer",
                    "has no number there",
                    "names belong to the containers of pods; networks and nodes have none",
                    "give the number, or put these peers into a rule of their own");
            }
        }
        return ports;
    }

    private static string? ReadRuleName(MappingReader rule)
    {
        if (rule.Field("name") is not { } field || field.String() is not { } name)
        {
            return null;
        }
        if (name.EnumerateRunes().Count() > MaxRuleName)
        {
            field.Error(Codes.InvalidName, $"the name of the rule is longer than {MaxRuleName} characters",
                $"{name.EnumerateRunes().Count()} characters");
        }
        return name.Length == 0 ? null : name;
    }

    private static TierAction? ReadAction(NodeReader at, TierDialect dialect, PolicyTier? tier)
    {
        // The two API versions name the same action differently; edit distance would not find it.
        string other = dialect == TierDialect.Cluster ? "Allow" : "Accept", own = dialect.Actions[0];
        if (at.Node is YamlScalar { Kind: ScalarKind.String } scalar
            && scalar.Value.Equals(other, StringComparison.OrdinalIgnoreCase))
        {
            at.Error(Codes.NotOneOf, $"{Quote.Of(scalar.Value)} is not one of {string.Join(", ", dialect.Actions)}",
                $"not a value of {Quote.Of(at.Path.BelowKind)}", help: $"this kind says {Quote.Of(own)}",
                fix: at.Replaced(own));
            return null;
        }
        switch (Words.Read(at, dialect.Actions))
        {
            case "Accept" or "Allow":
                return TierAction.Accept;
            case "Deny":
                return TierAction.Deny;
            case "Pass" when tier != PolicyTier.Baseline:
                return TierAction.Pass;
            case "Pass":
                at.Bag.Add(new Diagnostic(Codes.PassInBaseline, Severity.Note, "Pass in the Baseline tier is Accept",
                    at.Position, at.Length,
                    "nothing is asked after this tier", "what no tier decides is allowed", "write `Accept`")
                { Fix = at.Replaced("Accept") });
                return TierAction.Accept;
            default:
                return null;
        }
    }

    /// <summary>The items of a list field, with an error where there are more than the CRD takes.</summary>
    private static IReadOnlyList<NodeReader> Limited(MappingReader parent, string field, int limit)
    {
        var items = parent.Items(field);
        if (items.Count > limit)
        {
            parent.Key(field).Error(Codes.TooManyItems,
                $"{parent.Self.Path.Field(field)} has {items.Count} items, and at most {limit} are allowed",
                $"more than {limit}", help: "split it over several rules or policies");
        }
        return items;
    }
}
