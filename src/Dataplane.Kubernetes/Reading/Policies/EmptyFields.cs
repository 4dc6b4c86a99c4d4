using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>
/// Finds the fields of a NetworkPolicy that mean all or nothing by being empty, where that is not the usual way to say
/// so. Usual are <c>podSelector: {}</c>, a rule <c>{}</c>, and <c>ingress: []</c> where Ingress is isolated.
/// </summary>
internal sealed class EmptyFields
{
    private const string Ingress = "ingress", Egress = "egress";

    private readonly List<EmptyField> _found = [];

    private EmptyFields()
    {
    }

    /// <param name="obj">The policy, read without an error.</param>
    /// <param name="isolatesIngress">As read, with the defaults applied.</param>
    public static IReadOnlyList<EmptyField> Of(MappingReader obj, bool isolatesIngress, bool isolatesEgress)
    {
        var fields = new EmptyFields();
        if (obj.Field("spec") is not { Node: YamlMapping mapping } node)
        {
            fields.Add(EmptyMeaning.NoSpec, obj, "spec", null);
        }
        else
        {
            fields.OfSpec(new MappingReader(node, mapping, NetworkPolicyReader.Spec), isolatesIngress, isolatesEgress);
        }
        return fields._found;
    }

    /// <summary>Rules of a cluster-wide policy whose ports are null: an API server takes them for missing.</summary>
    public static IReadOnlyList<EmptyField> OfTier(MappingReader spec, TierDialect dialect)
    {
        var fields = new EmptyFields();
        foreach (var (direction, table) in ((string, FieldTable)[])
            [(Ingress, dialect.Ingress), (Egress, dialect.Egress)])
        {
            foreach (var item in spec.Items(direction))
            {
                if (item.Node is YamlMapping rule && rule.TryGet(dialect.PortsField, out var ports)
                    && ports.Value is YamlScalar { Kind: ScalarKind.Null })
                {
                    var reader = new MappingReader(item, rule, table);
                    fields.Add(EmptyMeaning.AnyPort, reader, dialect.PortsField,
                        FieldMoves.Without(reader, dialect.PortsField));
                }
            }
        }
        return fields._found;
    }

    private void OfSpec(MappingReader spec, bool isolatesIngress, bool isolatesEgress)
    {
        if (spec.Field("podSelector") is not { } selector)
        {
            Add(EmptyMeaning.EveryPod, spec, "podSelector", FieldMoves.WithEmpty(spec, "podSelector"));
        }
        else
        {
            OfSelector(selector, EmptyMeaning.EveryPod);
        }
        OfTypes(spec, isolatesIngress, isolatesEgress);
        OfDirection(spec, Ingress, isolatesIngress, "from");
        OfDirection(spec, Egress, isolatesEgress, "to");
    }

    private void OfTypes(MappingReader spec, bool isolatesIngress, bool isolatesEgress)
    {
        const string PolicyTypes = "policyTypes";
        if (spec.Mapping.TryGet(PolicyTypes, out var types) && IsEmpty(types.Value))
        {
            var words = string.Join(", ", new[] { isolatesIngress ? "Ingress" : null, isolatesEgress ? "Egress" : null }
                .OfType<string>());
            Add(EmptyMeaning.DefaultTypes, spec, PolicyTypes, FieldMoves.WithValue(spec, PolicyTypes, $"[{words}]"));
        }
    }

    private void OfDirection(MappingReader spec, string direction, bool isolates, string peers)
    {
        if (!spec.Mapping.TryGet(direction, out var entry))
        {
            return;
        }
        if (IsEmpty(entry.Value))
        {
            if (!isolates)
            {
                Add(EmptyMeaning.StaysOpen, spec, direction, TypeAdded(spec, direction, entry));
            }
            else if (entry.Value is YamlScalar)
            {
                Add(EmptyMeaning.Nothing, spec, direction, FieldMoves.WithValue(spec, direction, "[]"));
            }
            return;
        }
        foreach (var rule in spec.Items(direction))
        {
            if (rule.Node is YamlMapping mapping)
            {
                OfRule(new MappingReader(rule, mapping,
                    direction == Ingress ? NetworkPolicyReader.Ingress : NetworkPolicyReader.Egress), peers);
            }
        }
    }

    private void OfRule(MappingReader rule, string peersField)
    {
        if (rule.Mapping.TryGet(peersField, out var peers) && IsEmpty(peers.Value))
        {
            Add(EmptyMeaning.AnyPeer, rule, peersField, FieldMoves.Without(rule, peersField));
        }
        if (rule.Mapping.TryGet("ports", out var ports) && IsEmpty(ports.Value))
        {
            Add(EmptyMeaning.AnyPort, rule, "ports", FieldMoves.Without(rule, "ports"));
        }
        foreach (var item in rule.Items(peersField))
        {
            if (item.Node is YamlMapping mapping)
            {
                OfPeer(new MappingReader(item, mapping, PeerReader.Table));
            }
        }
        foreach (var item in rule.Items("ports"))
        {
            if (item.Node is YamlMapping mapping && mapping.TryGet("port", out var port) && IsEmpty(port.Value))
            {
                var reader = new MappingReader(item, mapping, PolicyPortReader.Table);
                Add(EmptyMeaning.AnyPortOfProtocol, reader, "port", FieldMoves.Without(reader, "port"));
            }
        }
    }

    private void OfPeer(MappingReader peer)
    {
        foreach (var field in (string[])["podSelector", "namespaceSelector"])
        {
            if (peer.Field(field) is { } selector)
            {
                OfSelector(selector, EmptyMeaning.EveryPeer);
            }
            else if (peer.Mapping.TryGet(field, out _))
            {
                Add(field == "podSelector" ? EmptyMeaning.EveryPeer : EmptyMeaning.OwnNamespace, peer, field,
                    FieldMoves.WithEmpty(peer, field));
            }
        }
    }

    /// <summary>A selector that has nothing but fields without a value.</summary>
    private void OfSelector(NodeReader selector, EmptyMeaning meaning)
    {
        if (selector.Node is YamlMapping { Entries.Count: > 0 } mapping
            && mapping.Entries.All(e => e.Value is YamlScalar { Kind: ScalarKind.Null }))
        {
            var field = mapping.Entries[0].Key.Value;
            var reader = new MappingReader(selector, mapping, SelectorReader.Table);
            Add(meaning, reader, field,
                FieldMoves.WithValue(reader, field, field == "matchLabels" ? "{}" : "[]"));
        }
    }

    private void Add(EmptyMeaning meaning, MappingReader mapping, string field, Fix? fix)
    {
        var given = mapping.Mapping.TryGet(field, out var entry);
        var place = given ? mapping.Key(field) : mapping.Self;
        _found.Add(new EmptyField(meaning, field, mapping.Self.Path.Field(field).BelowKind, place.Position,
            given ? place.Length : 1, mapping.Position,
            !given ? EmptyField.IsMissing : entry.Value is YamlScalar ? "has no value" : "is empty", fix));
    }

    /// <summary>The direction listed in policyTypes, and the empty list written out.</summary>
    private static Fix? TypeAdded(MappingReader spec, string direction, YamlEntry entry)
    {
        var type = direction == Ingress ? "Ingress" : "Egress";
        if (FieldMoves.WithWord(spec, "policyTypes", type, "Ingress", spec.Key(direction).Position) is not { } types)
        {
            return null;
        }
        return entry.Value is YamlScalar && FieldMoves.WithValue(spec, direction, "[]") is { } written
            ? new Fix([.. types.Edits, .. written.Edits]) : types;
    }

    private static bool IsEmpty(YamlNode node) => node is YamlScalar { Kind: ScalarKind.Null }
        or YamlSequence { Items.Count: 0 };
}
