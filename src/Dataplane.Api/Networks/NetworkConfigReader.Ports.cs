using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Dataplane.Api.Networks;

/// <content>The ports that a runtime publishes, CONVENTIONS.md of CNI.</content>
public sealed partial class NetworkConfigReader
{
    private static readonly string[] Protocols = ["tcp", "udp", "sctp"];

    private List<PublishedPort> ReadPorts(ConfigValue? mappings)
    {
        var ports = new List<PublishedPort>();
        if (mappings is null || !Require(mappings, JsonTokenType.StartArray, "a list")) return ports;
        foreach (var item in mappings.Items)
        {
            if (!Require(item, JsonTokenType.StartObject, "an object")) continue;
            // As portmap has it: not published.
            if (item["hostPort"] is not { } at || (at.Kind == JsonTokenType.Number && at.Raw.SequenceEqual("0"u8)))
                continue;
            var (host, container) = (Port(item, at), Port(item, item["containerPort"]));
            var protocol = Text(item["protocol"]) ?? "tcp";
            if (!Protocols.Contains(protocol.ToLowerInvariant()))
                Add(item["protocol"]!, $"{Quoted(protocol)} is no protocol of ports", string.Join(", ", Protocols));
            var address = Text(item["hostIP"]) is { Length: > 0 } given ? given : null;
            if (address is not null && !IPAddress.TryParse(address, out _))
                Add(item["hostIP"]!, $"{Quoted(address)} is no IP address");
            ports.Add(new PublishedPort(host, container, protocol.ToUpperInvariant()) { HostIP = address });
        }
        return ports;
    }

    private int Port(ConfigValue mapping, ConfigValue? field)
    {
        if (field is { Kind: JsonTokenType.Number }
            && ushort.TryParse(field.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0)
        {
            return port;
        }
        Add(field ?? mapping, field is null ? "containerPort is missing"
            : "it must be the number of a port, from 1 to 65535");
        return 0;
    }
}
