using System.Globalization;
using Dataplane.Api;
using Dataplane.Kubernetes.Objects;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Dataplane.Cli.Get;

/// <summary>
/// The manifest of a Service with the fields that a cluster fills in behind those that it has: defaults, and what was
/// assigned. Comments are lost, as they are in a cluster.
/// </summary>
internal static class FilledService
{
    /// <param name="text">One document, which may be a List.</param>
    /// <param name="services">Those of the document that are shown, by namespace/name.</param>
    /// <param name="ns">The namespace of what names none.</param>
    public static string Text(
        string text, string ns, IReadOnlyDictionary<string, (ServiceObject Object, ServiceEntry Has)> services)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        foreach (var mapping in Objects(stream.Documents[0].RootNode))
        {
            if (Value(mapping, "kind") == "Service" && Child(mapping, "metadata") is YamlMappingNode metadata
                && services.TryGetValue($"{Value(metadata, "namespace") ?? ns}/{Value(metadata, "name")}",
                    out var service))
            {
                Fill(mapping, service.Object, service.Has);
            }
        }
        var written = new StringWriter(CultureInfo.InvariantCulture);
        stream.Save(new Emitter(written, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue,
            isCanonical: false, maxSimpleKeyLength: 1024, indentSequences: false)), assignAnchors: false);
        const string End = "...\n";
        var all = written.ToString();
        return all.EndsWith(End, StringComparison.Ordinal) ? all[..^End.Length] : all;
    }

    private static IEnumerable<YamlMappingNode> Objects(YamlNode root) =>
        root is not YamlMappingNode mapping ? []
            : Child(mapping, "items") is YamlSequenceNode items ? items.OfType<YamlMappingNode>() : [mapping];

    private static void Fill(YamlMappingNode manifest, ServiceObject service, ServiceEntry has)
    {
        var spec = Mapping(manifest, "spec");
        if (Child(spec, "ports") is YamlSequenceNode ports)
        {
            foreach (var (i, port) in ports.OfType<YamlMappingNode>().Index().Take(service.Ports.Count))
            {
                Add(port, "protocol", service.Ports[i].Protocol.ToString().ToUpperInvariant());
                Add(port, "targetPort", service.Ports[i].Target);
                Add(port, "nodePort", i < has.NodePorts.Count ? has.NodePorts[i] : null);
            }
        }
        Add(spec, "type", service.Type);
        var addresses = service.IsHeadless ? ["None"] : has.ClusterIPs;
        Add(spec, "clusterIP", addresses.Count > 0 ? addresses[0] : null);
        Add(spec, "clusterIPs", addresses);
        Add(spec, "ipFamilies", has.Families);
        Add(spec, "ipFamilyPolicy", has.Families.Count > 0 ? service.FamilyPolicy : null);
        Add(spec, "sessionAffinity", service.AffinitySeconds is null ? "None" : "ClientIP");
        if (service.AffinitySeconds is { } seconds)
            Add(Mapping(Mapping(spec, "sessionAffinityConfig"), "clientIP"), "timeoutSeconds", seconds);
        if (service.Type != ServiceType.ExternalName) Add(spec, "internalTrafficPolicy", service.InternalPolicy);
        if (service.IsExternallyAccessible) Add(spec, "externalTrafficPolicy", service.ExternalPolicy);
        if (service.Type == ServiceType.LoadBalancer)
            Add(spec, "allocateLoadBalancerNodePorts", service.AllocatesNodePorts ? "true" : "false");
        Add(spec, "healthCheckNodePort", has.HealthCheckNodePort);
        var balancer = Mapping(Mapping(manifest, "status"), "loadBalancer");
        if (has.LoadBalancerIPs.Count > 0 && Child(balancer, "ingress") is null)
        {
            balancer.Add("ingress", new YamlSequenceNode(has.LoadBalancerIPs.Select(ip => new YamlMappingNode(
                new YamlScalarNode("ip"), new YamlScalarNode(ip), new YamlScalarNode("ipMode"),
                new YamlScalarNode("VIP")))));
        }
    }

    private static void Add(YamlMappingNode mapping, string field, object? value)
    {
        if (value is not null && IsMissing(mapping, field))
            mapping.Children[field] = new YamlScalarNode(string.Create(CultureInfo.InvariantCulture, $"{value}"));
    }

    private static void Add(YamlMappingNode mapping, string field, IReadOnlyList<string> values)
    {
        if (values.Count > 0 && IsMissing(mapping, field))
        {
            mapping.Children[field] = new YamlSequenceNode(values.Select(v => new YamlScalarNode(v)))
            {
                Style = SequenceStyle.Block,
            };
        }
    }

    /// <summary>The field's mapping, which is made where there is none.</summary>
    private static YamlMappingNode Mapping(YamlMappingNode parent, string field)
    {
        if (Child(parent, field) is YamlMappingNode found) return found;
        var made = new YamlMappingNode();
        parent.Children[field] = made;
        return made;
    }

    /// <summary>Not written, or written without a value, which the API server takes for the same.</summary>
    private static bool IsMissing(YamlMappingNode mapping, string field) => Child(mapping, field) switch
    {
        null => true,
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => scalar.Value is null or "" or "~" or "null",
        _ => false,
    };

    private static YamlNode? Child(YamlMappingNode mapping, string field) =>
        mapping.Children.TryGetValue(new YamlScalarNode(field), out var found) ? found : null;

    private static string? Value(YamlMappingNode mapping, string field) =>
        (Child(mapping, field) as YamlScalarNode)?.Value;
}
