using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>networking.k8s.io/v1 NetworkPolicyPort.</summary>
internal static class PolicyPortReader
{
    public static readonly FieldTable Table = new("NetworkPolicyPort", "protocol", "port", "endPort");

    /// <summary>Null, reported, where the item is not valid.</summary>
    public static NetworkPolicyPort? Read(NodeReader at)
    {
        if (at.IsNull)
        {
            PeerReader.WarnEmpty(at, "a port item without anything means ALL TCP ports");
            return new NetworkPolicyPort(TransportProtocol.Tcp, null, null, null, at.Position);
        }
        if (at.Mapping(Table) is not { } item)
        {
            return null;
        }
        var protocol = item.Field("protocol") is { } p ? Ports.Protocol(p, Ports.IcmpHasNone) : TransportProtocol.Tcp;
        var port = item.Field("port");
        ushort? number = null;
        string? name = null;
        if (port is { } field && !ReadPort(item, field, out number, out name))
        {
            _ = item.Field("endPort") is { } unread ? Ports.Number(unread) : null;
            return null;
        }
        ushort? end = null;
        if (item.Field("endPort") is { } endField)
        {
            end = Ports.Number(endField);
            if (port is null)
            {
                endField.Error(Codes.InvalidEndPort, "endPort needs a `port` to start from",
                    help: "add `port:` with the first port of the range");
                return null;
            }
            if (name is not null)
            {
                endField.Error(Codes.InvalidEndPort, $"endPort cannot follow the named port {Quote.Of(name)}",
                    "needs a numeric `port`",
                    help: "give the first port of the range as a number");
                return null;
            }
            if (end is null)
            {
                return null;
            }
            if (end < number)
            {
                endField.Error(Codes.InvalidEndPort, $"endPort {end} is below port {number}",
                    "the range would be empty", help: "swap the two numbers",
                    fix: Ports.Swapped(port.Value, endField));
                return null;
            }
        }
        return protocol is null
            ? null : new NetworkPolicyPort(protocol.Value, number, end, name,
            name is null ? at.Position : port!.Value.Position)
        { Places = port is null ? null : (at.Position, port.Value.Position) };
    }

    private static bool ReadPort(MappingReader item, NodeReader at, out ushort? number, out string? name)
    {
        number = null;
        name = null;
        if (at.Node is YamlScalar { Kind: ScalarKind.String } scalar)
        {
            if (Names.PortName(scalar.Value) is { } wrong)
            {
                var (note, help, fix) = PortSlips.Advice(item, at, scalar.Value);
                at.Error(Codes.InvalidPort, $"{Quote.Of(scalar.Value)} is not a valid port name", wrong, note, help,
                    fix);
                return false;
            }
            name = scalar.Value;
            return true;
        }
        if (at.Node is YamlScalar { Kind: ScalarKind.Integer or ScalarKind.Float })
        {
            number = Ports.Number(at);
            return number is not null;
        }
        at.WrongType("a port number or a port name",
            at.Node is YamlScalar { Kind: ScalarKind.Boolean } word
                ? $"put quotes around a name: \"{word.Value}\"" : null);
        return false;
    }
}
