using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>
/// Ports in the two spellings of policy.networking.k8s.io: <c>protocols</c> of v1alpha2 and <c>ports</c> of v1alpha1.
/// </summary>
internal static class TierPortReader
{
    private static readonly FieldTable Range = new("PortRange", "start", "end");
    private static readonly FieldTable DestinationPort = new("Port", "number",
        new Field("range", FieldShape.Object, Range));
    private static readonly FieldTable Transport = new("ClusterNetworkPolicyProtocolPort",
        new Field("destinationPort", FieldShape.Object, DestinationPort));

    /// <summary>ClusterNetworkPolicyProtocol.</summary>
    public static readonly FieldTable Protocol = new("ClusterNetworkPolicyProtocol",
        new Field("tcp", FieldShape.Object, Transport),
        new Field("udp", FieldShape.Object, Transport), new Field("sctp", FieldShape.Object, Transport),
        "destinationNamedPort");

    private static readonly FieldTable PortNumber = new("Port", "protocol", "port");
    private static readonly FieldTable PortRange = new("PortRange", "protocol", "start", "end");

    /// <summary>AdminNetworkPolicyPort.</summary>
    public static readonly FieldTable Port = new("AdminNetworkPolicyPort",
        new Field("portNumber", FieldShape.Object, PortNumber),
        new Field("portRange", FieldShape.Object, PortRange), "namedPort");

    public static TierPort? ReadProtocol(NodeReader at)
    {
        if (at.Mapping(Protocol) is not { } item || Only(item, Protocol) is not { } field)
        {
            return null;
        }
        if (field.Name == "destinationNamedPort")
        {
            return ReadName(field.Value);
        }
        var protocol = field.Name switch
        {
            "tcp" => TransportProtocol.Tcp,
            "udp" => TransportProtocol.Udp,
            _ => TransportProtocol.Sctp,
        };
        if (field.Value.Mapping(Transport) is not { } transport
            || transport.Required("destinationPort",
                "the API has no way to say `all ports of a protocol` but a range from 1 to 65535")
                    is not { } destination
            || destination.Mapping(DestinationPort) is not { } port || Only(port, DestinationPort) is not { } form)
        {
            return null;
        }
        return form.Name == "number" ? Single(protocol, form.Value, at)
            : form.Value.Mapping(Range) is { } range ? ReadRange(protocol, range, at, mayBeOnePort: false) : null;
    }

    public static TierPort? ReadPort(NodeReader at)
    {
        if (at.Mapping(Port) is not { } item || Only(item, Port) is not { } field)
        {
            return null;
        }
        if (field.Name == "namedPort")
        {
            return ReadName(field.Value);
        }
        var single = field.Name == "portNumber";
        if (field.Value.Mapping(single ? PortNumber : PortRange) is not { } port)
        {
            return null;
        }
        var protocol = port.Field("protocol") is { } p ? Ports.Protocol(p, Ports.IcmpHasNone) : TransportProtocol.Tcp;
        return single ? port.Required("port") is { } number ? Single(protocol, number, at) : null
            : ReadRange(protocol, port, at, mayBeOnePort: true);
    }

    private static TierPort? Single(TransportProtocol? protocol, NodeReader number, NodeReader at)
        => Ports.Number(number) is { } port
            && protocol is not null ? new TierPort(protocol, port, port, null, at.Position) : null;

    /// <param name="mayBeOnePort">v1alpha1 takes a range of one port, v1alpha2 has start &lt; end.</param>
    private static TierPort? ReadRange(TransportProtocol? protocol, MappingReader range, NodeReader at,
        bool mayBeOnePort)
    {
        var first = range.Required("start") is { } s ? Ports.Number(s) : null;
        var last = range.Required("end") is { } e ? Ports.Number(e) : null;
        if (first is null || last is null || protocol is null)
        {
            return null;
        }
        if (last < first || (last == first && !mayBeOnePort))
        {
            var (start, end) = (range.Field("start")!.Value, range.Field("end")!.Value);
            end.Error(Codes.InvalidEndPort, $"end {last} is not above start {first}",
                last == first ? "a single port" : "the range would be empty",
                help: last == first ? $"write `number: {first}` in place of the range" : "swap the two numbers",
                fix: last == first ? null : Ports.Swapped(start, end));
            return null;
        }
        return new TierPort(protocol, first.Value, last.Value, null, at.Position);
    }

    private static TierPort? ReadName(NodeReader at)
    {
        if (at.String() is not { } name)
        {
            return null;
        }
        if (name.Length == 0)
        {
            at.Error(Codes.InvalidPort, "the name of the port is empty", "no port has this name");
            return null;
        }
        return new TierPort(null, 0, 0, name, at.Position);
    }

    private static (string Name, NodeReader Value)? Only(MappingReader reader, FieldTable table)
    {
        var set = table.Fields.Where(f => reader.Field(f.Name) is not null).Select(f => f.Name).ToList();
        if (set.Count == 1)
        {
            return (set[0], reader.Field(set[0])!.Value);
        }
        var choice = string.Join(", ", table.Fields.SkipLast(1).Select(f => f.Name)) + " or "
            + table.Fields[^1].Name;
        if (set.Count > 1)
        {
            reader.Key(set[1]).Error(Codes.NotExactlyOne, $"{reader.Self.Path} has more than one of {choice}",
                $"{Quote.Of(set[0])} is there already",
                help: "write one item for each");
        }
        else if (reader.Entries.All(e => table.Knows(e.Key.Value)))
        {
            reader.Self.Error(Codes.NotExactlyOne, $"{reader.Self.Path} needs {choice}", "nothing is given");
        }
        return null;
    }
}
