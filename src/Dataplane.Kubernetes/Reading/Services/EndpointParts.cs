using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>What Endpoints and EndpointSlice have in common.</summary>
internal static class EndpointParts
{
    public static readonly FieldTable Port = new("EndpointPort", "name", "protocol", "port", "appProtocol");

    public static readonly FieldTable TargetReference = new("ObjectReference", "kind", "namespace", "name", "uid",
        "apiVersion", "resourceVersion", "fieldPath");

    /// <summary>An address that a packet can be sent on to; null, reported, where it is none.</summary>
    public static IPAddress? Address(NodeReader at) => HostAddresses.Read(at, "an address of an endpoint");

    public static string? HostName(MappingReader fields) =>
        fields.Filled("hostname") is { } field
            && field.String() is { } name && MetadataReader.CheckName(field, name, "host", Names.Label) ? name : null;

    public static string? NodeName(MappingReader fields) =>
        fields.Filled("nodeName") is { } field
            && field.String() is { } name && MetadataReader.CheckName(field, name, "node", Names.Subdomain)
            ? name : null;

    /// <summary>The name of the pod that the endpoint is; null where it is none, or not said.</summary>
    public static string? Pod(MappingReader fields) =>
        fields.Field("targetRef")?.Mapping(TargetReference) is { } target
            && target.Field("kind")?.String() == "Pod" ? target.Field("name")?.String() : null;

    /// <param name="areComplete">Each has a number, and of several each a name; in a slice one may lack
    /// either.</param>
    public static IReadOnlyList<EndpointPort> Ports(MappingReader parent, bool areComplete)
    {
        var items = parent.Items("ports");
        var (ports, names) = (new List<EndpointPort>(), new Dictionary<string, SourcePosition>());
        foreach (var item in items)
        {
            if (item.Mapping(Port) is { } fields && One(fields, items.Count > 1, areComplete, names) is { } port)
            {
                ports.Add(port);
            }
        }
        return ports;
    }

    public static void CheckCount(MappingReader parent, string field, int count, int most)
    {
        if (count > most)
        {
            parent.Key(field).Error(Codes.TooManyItems,
                $"{parent.Self.Path.Field(field)}: {count} items, and at most {most} are taken",
                help: "write several objects");
        }
    }

    private static EndpointPort? One(MappingReader fields, bool areSeveral, bool areComplete,
        Dictionary<string, SourcePosition> names)
    {
        var field = fields.Filled("name");
        var name = field?.String();
        if (field is null && areSeveral && (areComplete || !names.TryAdd("", fields.Position)))
        {
            fields.Self.Error(Codes.MissingField, $"{fields.Self.Path.Field("name")} is missing", "which port is it?",
                "of several ports each has a name", "add the `name:` that the Service's port has");
        }
        else if (name is not null && MetadataReader.CheckName(field!.Value, name, "port", Names.Label)
            && !names.TryAdd(name, field.Value.Position))
        {
            fields.Self.Bag.Add(new Diagnostic(Codes.DuplicateName, Severity.Error,
                $"two ports are named {Quote.Of(name)}", field.Value.Position, field.Value.Length, "again here",
                "the second could never be meant") { Related = new RelatedPlace(names[name], 1, "first here") });
        }
        ServicePorts.CheckApplication(fields);
        var protocol = fields.Filled("protocol") is { } word
            ? Fields.Ports.Protocol(word) : TransportProtocol.Tcp;
        var port = areComplete ? fields.Required("port") : fields.Field("port");
        var number = port is { } at ? Fields.Ports.Number(at) : null;
        return protocol is null || (number is null && (areComplete || port is not null)) ? null
            : new EndpointPort(name, protocol.Value, number, fields.Position);
    }
}
