using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>The ports that the containers of one pod declare.</summary>
internal sealed class DeclaredPorts(bool hostNetwork)
{
    private readonly List<ContainerPort> _containers = [];
    private readonly List<HostPort> _node = [];

    public IReadOnlyList<ContainerPort> Containers => [.. _containers];

    /// <summary>Those of the node that lead to the pod, or are the pod's own where it is in the node's
    /// network.</summary>
    public IReadOnlyList<HostPort> Node => [.. _node];

    /// <summary>core/v1 ContainerPort.</summary>
    /// <param name="names">Of the container's ports before it.</param>
    /// <param name="stays">False: the container ends, and its ports count for nothing.</param>
    /// <returns>Null, reported, where it is not right.</returns>
    public DeclaredPort? Read(NodeReader at, Dictionary<string, SourcePosition> names, bool stays)
    {
        if (at.Mapping(PodFields.Port) is not { } port)
        {
            return null;
        }
        var number = port.Required("containerPort") is { } n ? Ports.Number(n) : null;
        var protocol = port.Filled("protocol") is { } p ? Ports.Protocol(p) : TransportProtocol.Tcp;
        var (isNamed, name) = ReadName(at, port, names);
        var (host, address) = (ReadHostPort(port, number), ReadHostAddress(port));
        if (!isNamed || number is null || protocol is null)
        {
            return null;
        }
        var declared = new DeclaredPort(name, number.Value, protocol.Value);
        if (!stays)
        {
            return declared;
        }
        _containers.Add(new ContainerPort(name, number.Value, protocol.Value, at.Position));
        if (hostNetwork)
        {
            _node.Add(new HostPort(number.Value, address, protocol.Value, number.Value, at.Position));
        }
        else if (host is { } taken)
        {
            _node.Add(new HostPort(
                taken, address, protocol.Value, number.Value, port.Field("hostPort")!.Value.Position));
        }
        return declared;
    }

    private ushort? ReadHostPort(MappingReader port, ushort? number)
    {
        if (port.Field("hostPort") is not { } at || at.Integer() is null or 0 || Ports.Number(at) is not { } host)
        {
            return null;
        }
        if (hostNetwork && number is { } own && own != host)
        {
            at.Error(Codes.InvalidPort, $"hostPort {host} is not containerPort {own}",
                "with hostNetwork the pod listens at the node itself", "the API server refuses the object",
                $"write `hostPort: {own}`, or leave it out");
        }
        return host;
    }

    /// <summary>Null where nothing is said; an address that no node has is reported.</summary>
    private static IPAddress? ReadHostAddress(MappingReader port)
    {
        if (port.Filled("hostIP") is not { } at || at.String() is not { } text)
        {
            return null;
        }
        if (text is "0.0.0.0" or "::")
        {
            return IPAddress.Parse(text);
        }
        if (Addresses.Parse(text, out var address) is null && IPAddress.IsLoopback(address))
        {
            at.Bag.Add(new Diagnostic(Codes.CannotBeDone, Severity.Warning,
                $"ports at the loopback address {text} are not offered", at.Position, at.Length,
                "nobody reaches the pod by this port",
                "a loopback address as a way to pods needs `route_localnet`, which opens other programs' listeners",
                "name another address of the node, or reach the pod at its own address"));
            return address;
        }
        return HostAddresses.Read(at, text, "an address of a node");
    }

    private static (bool IsValid, string? Name) ReadName(
        NodeReader at, MappingReader port, Dictionary<string, SourcePosition> names)
    {
        if (port.Field("name") is not { } field || field.String() is not { Length: > 0 } text)
        {
            return (true, null);
        }
        if (Names.PortName(text) is { } wrong)
        {
            field.Error(Codes.InvalidPort, $"{Quote.Of(text)} is not a valid port name", wrong,
                help: Names.Corrected(text, Names.PortName) is { } better ? $"did you mean {Quote.Of(better)}?" : null);
            return (false, null);
        }
        if (names.TryGetValue(text, out var first))
        {
            at.Bag.Add(new Diagnostic(Codes.DuplicateName, Severity.Error,
                $"the container has two ports named {Quote.Of(text)}",
                field.Position, field.Length, "again here", "a policy that names the port could mean either")
            { Related = new RelatedPlace(first, field.Length, "first here") });
            return (false, null);
        }
        names[text] = field.Position;
        return (true, text);
    }
}
