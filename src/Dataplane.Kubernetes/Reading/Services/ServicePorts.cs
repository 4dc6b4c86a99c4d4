using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>core/v1 ServicePort.</summary>
internal static class ServicePorts
{
    private const ushort KubeletPort = 10250;

    public static IReadOnlyList<ServicePort> Read(MappingReader spec, ServiceType type, bool isHeadless)
    {
        var items = spec.Items("ports");
        if (items.Count == 0 && !isHeadless && type != ServiceType.ExternalName)
        {
            const string Help = "list at least one port, or write `clusterIP: None` for a headless Service";
            // An empty list is as none, for the API server.
            if (spec.Required("ports", Help) is { Node: YamlSequence { Items.Count: 0 } } empty)
            {
                empty.Error(Codes.MissingField, $"{empty.Path} is empty", "a Service has at least one port",
                    help: Help);
            }
        }
        var (ports, names) = (new List<ServicePort>(), new Dictionary<string, NodeReader>());
        foreach (var item in items)
        {
            if (item.Mapping(ServiceFields.Port) is { } fields
                && Read(fields, type, items.Count > 1, names) is { } port)
            {
                CheckTwice(item, port, ports);
                ports.Add(port);
            }
        }
        return ports;
    }

    /// <summary>A port of nodes; null, reported, where it is none.</summary>
    /// <remarks>Whether it lies in the range of the node is known later.</remarks>
    public static ushort? NodePort(NodeReader field) => Ports.Number(field);

    private static ServicePort? Read(MappingReader fields, ServiceType type, bool needsName,
        Dictionary<string, NodeReader> names)
    {
        var name = Name(fields, needsName, names);
        var number = fields.Required("port") is { } p ? Ports.Number(p) : null;
        var protocol = fields.Filled("protocol") is { } word
            ? Ports.Protocol(word) : TransportProtocol.Tcp;
        CheckApplication(fields);
        if (type == ServiceType.LoadBalancer && number == KubeletPort)
        {
            fields.Field("port")!.Value.Error(Codes.InvalidPort,
                $"port {KubeletPort} is not for a Service of type LoadBalancer", "the kubelet's own port",
                "the API server refuses it: from outside the kubelet would be reached",
                "choose another `port`, with this one as `targetPort`");
        }
        var (isRead, targetNumber, targetName) = Target(fields, number);
        var nodePort = fields.Field("nodePort") is { } field && field.Integer() is not (null or 0)
            ? OfNode(fields, field, type) : null;
        return number is null || protocol is null || !isRead ? null
            : new ServicePort(name, protocol.Value, number.Value, targetNumber, targetName, nodePort,
                fields.Position)
            {
                TargetPosition = fields.Field("targetPort")?.Position,
                NodePortPosition = fields.Field("nodePort")?.Position,
            };
    }

    /// <summary>Reports an <c>appProtocol</c> that is none.</summary>
    public static void CheckApplication(MappingReader fields)
    {
        if (fields.Field("appProtocol") is { } app && app.String() is { } text
            && Names.QualifiedName(text) is { } wrong)
        {
            app.Error(Codes.InvalidName, $"{Quote.Of(text)} is not a valid application protocol", wrong);
        }
    }

    private static string? Name(MappingReader fields, bool needsName, Dictionary<string, NodeReader> names)
    {
        if (fields.Filled("name") is not { } field)
        {
            if (needsName)
            {
                fields.Self.Error(Codes.MissingField, $"{fields.Self.Path.Field("name")} is missing",
                    "which port is it?", "a Service with several ports names each", "add `name:`");
            }
            return null;
        }
        if (field.String() is not { } name || !MetadataReader.CheckName(field, name, "port", Names.Label))
        {
            return null;
        }
        if (!names.TryAdd(name, field))
        {
            Twice(field, $"the Service has two ports named {Quote.Of(name)}", names[name]);
        }
        return name;
    }

    private static (bool IsRead, ushort? Number, string? Name) Target(MappingReader fields, ushort? port)
    {
        if (fields.Field("targetPort") is not { } field
            || field.Node is YamlScalar { Kind: ScalarKind.Integer, Value: "0" }
                or YamlScalar { Quoted: true, Value: "" })
        {
            return (true, port, null);
        }
        if (field.Node is not YamlScalar { Kind: ScalarKind.String } scalar)
        {
            return Ports.Number(field) is { } number ? (true, number, null) : (false, null, null);
        }
        if (Names.PortName(scalar.Value) is not { } wrong)
        {
            return (true, null, scalar.Value);
        }
        var isNumber = ushort.TryParse(scalar.Value, out var meant) && meant > 0;
        field.Error(Codes.InvalidPort, $"{Quote.Of(scalar.Value)} is not a valid port name", wrong,
            help: isNumber ? "remove the quotes: it is a number" : null,
            fix: isNumber ? field.Replaced(scalar.Value) : null);
        return (false, null, null);
    }

    private static ushort? OfNode(MappingReader fields, NodeReader field, ServiceType type)
    {
        if (type is ServiceType.NodePort or ServiceType.LoadBalancer)
        {
            return NodePort(field);
        }
        fields.Key("nodePort").Error(Codes.InvalidValue, $"{field.Path} is only for types NodePort and LoadBalancer",
            $"this is type {type}", help: "write `type: NodePort` in the spec, or remove the line",
            fix: FieldMoves.Without(fields, "nodePort"));
        return null;
    }

    private static void CheckTwice(NodeReader at, ServicePort port, List<ServicePort> others)
    {
        foreach (var other in others.Where(o => o.Protocol == port.Protocol))
        {
            var protocol = port.Protocol.ToString().ToUpperInvariant();
            if (other.Port == port.Port)
            {
                Twice(at, $"the Service has {protocol} port {port.Port} twice", other.Position);
            }
            else if (port.NodePort is { } nodePort && other.NodePort == nodePort)
            {
                Twice(at, $"the Service asks for {protocol} nodePort {nodePort} twice", other.Position);
            }
        }
    }

    private static void Twice(NodeReader at, string message, NodeReader first) => Twice(at, message, first.Position);

    private static void Twice(NodeReader at, string message, SourcePosition first) => at.Bag.Add(
        new Diagnostic(Codes.DuplicateName, Severity.Error, message, at.Position, at.Length, "again here",
            "the second could never be meant") { Related = new RelatedPlace(first, 1, "first here") });
}
