using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Containers;

/// <summary>core/v1 ProbeHandler and LifecycleHandler.</summary>
/// <param name="ports">Those of the container.</param>
internal sealed class ActionReader(IReadOnlyList<DeclaredPort> ports, UndoneParts undone)
{
    private static readonly string[] Schemes = ["HTTP", "HTTPS"];

    /// <summary>The one action of a mapping.</summary>
    /// <param name="name">The field, as a note names it.</param>
    /// <returns>Null, reported, where there is not exactly one, or it is not right, or is not done here.</returns>
    public ContainerAction? Read(MappingReader fields, string name)
    {
        var choice = fields.Table == ContainerFields.Probe
            ? ["exec", "httpGet", "tcpSocket", "grpc"] : (string[])["exec", "httpGet", "tcpSocket", "sleep"];
        var given = choice.Where(c => fields.Field(c) is not null).ToList();
        if (given.Count == 0)
        {
            fields.Self.Error(Codes.NotExactlyOne, $"{fields.Self.Path} needs one of {string.Join(", ", choice)}",
                "nothing is given");
            return null;
        }
        if (given.Count > 1)
        {
            fields.Key(given[1]).Error(Codes.NotExactlyOne,
                $"{fields.Self.Path} has more than one of {string.Join(", ", choice)}", "one too many");
            return null;
        }
        var at = fields.Field(given[0])!.Value;
        switch (given[0])
        {
            case "exec":
                return at.Mapping(ContainerFields.Exec) is { } exec ? Exec(exec) : null;
            case "httpGet":
                return at.Mapping(ContainerFields.Http) is { } http ? Http(http) : null;
            case "tcpSocket":
                return at.Mapping(ContainerFields.Tcp) is { } tcp && Port(tcp) is { } port
                    ? new ContainerAction.Tcp(HostOf(tcp), port) : null;
            case "sleep":
                return at.Mapping(ContainerFields.Sleep) is { } sleep && sleep.Required("seconds") is not null
                    && Scalars.Number(sleep, "seconds", 0) is { } seconds
                    ? new ContainerAction.Sleep(seconds) : null;
            default:
                if (at.Mapping(ContainerFields.Grpc)?.Required("port") is { } number
                    && Ports.Number(number) is not null)
                {
                    undone.Add(fields.Key("grpc"), $"{name}.grpc");
                }
                return null;
        }
    }

    private static ContainerAction.Exec? Exec(MappingReader exec)
    {
        var command = Scalars.Texts(exec, "command");
        if (command.Count > 0)
        {
            return new ContainerAction.Exec(command);
        }
        _ = exec.Required("command", "list the program and its arguments");
        if (exec.Field("command") is { Node: YamlSequence { Items.Count: 0 } } empty)
        {
            empty.Error(Codes.MissingField, $"{empty.Path} is empty", help: "list the program and its arguments");
        }
        return null;
    }

    private ContainerAction.Http? Http(MappingReader http)
    {
        var path = http.Filled("path") is { } field ? field.String() : "/";
        var scheme = http.Filled("scheme") is { } word ? Words.Read(word, Schemes) : "HTTP";
        var headers = http.Items("httpHeaders").Select(Header).ToList();
        return Port(http) is not { } port || path is null || scheme is null ? null
            : new ContainerAction.Http(scheme == "HTTPS", HostOf(http), port,
                path.StartsWith('/') ? path : $"/{path}", new([.. headers.OfType<KeyValuePair<string, string>>()]));
    }

    private static KeyValuePair<string, string>? Header(NodeReader at) =>
        at.Mapping(ContainerFields.Header) is { } header && header.Required("name") is { } field
        && field.String() is { } name && MetadataReader.CheckName(field, name, "header", Names.HeaderName)
        && (header.Field("value") is { } value ? value.String() : "") is { } text ? new(name, text) : null;

    private static string? HostOf(MappingReader action) => action.Filled("host")?.String();

    private ActionPort? Port(MappingReader action)
    {
        if (action.Required("port") is not { } field)
        {
            return null;
        }
        if (field.Node is not YamlScalar { Kind: ScalarKind.String } scalar)
        {
            return Ports.Number(field) is { } number ? new ActionPort(number, null) : null;
        }
        if (Names.PortName(scalar.Value) is { } wrong)
        {
            var isNumber = ushort.TryParse(scalar.Value, out var meant) && meant > 0;
            field.Error(Codes.InvalidPort, $"{Quote.Of(scalar.Value)} is not a valid port name", wrong,
                help: isNumber ? "remove the quotes: it is a number" : null,
                fix: isNumber ? field.Replaced(scalar.Value) : null);
            return null;
        }
        var known = ports.FirstOrDefault(p => p.Name == scalar.Value);
        return new ActionPort(known.Number, SharedStrings.Of(scalar.Value));
    }
}
