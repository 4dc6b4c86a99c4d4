using System.Globalization;
using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading;

/// <summary>
/// v1 Service, as far as it helps to explain policies. It is read leniently and reports nothing: what is not as
/// expected is left out.
/// </summary>
internal static class ServiceReader
{
    public const string Kind = "Service", Version = "v1";

    /// <summary>Null without a name.</summary>
    /// <param name="ownNamespace">Where none is given.</param>
    public static ServiceObject? Read(YamlMapping service, SourcePosition position, string ownNamespace)
    {
        var (metadata, spec) = (Mapping(service, "metadata"), Mapping(service, "spec"));
        if (Text(metadata, "name") is not { } name)
        {
            return null;
        }
        var selector = Mapping(spec, "selector")?.Entries.Where(e => e.Value is YamlScalar)
            .ToDictionary(e => e.Key.Value, e => ((YamlScalar)e.Value).Value) ?? [];
        return new ServiceObject(Text(metadata, "namespace") ?? ownNamespace, name, selector,
            [.. Items(spec, "ports").OfType<YamlMapping>().Select(Port).OfType<ServicePort>()],
            [.. Items(spec, "clusterIPs").OfType<YamlScalar>().Select(s => s.Value).Append(Text(spec, "clusterIP"))
                .OfType<string>().Select(Address).OfType<IPAddress>().Distinct()], position);
    }

    private static ServicePort? Port(YamlMapping port)
    {
        if (Number(Text(port, "port")) is not { } number)
        {
            return null;
        }
        var protocol = Enum.TryParse<TransportProtocol>(Text(port, "protocol") ?? "TCP", ignoreCase: true, out var read)
            ? read : TransportProtocol.Tcp;
        return new ServicePort(Text(port, "name"), protocol, number,
            Text(port, "targetPort") ?? number.ToString(CultureInfo.InvariantCulture));
    }

    private static IPAddress? Address(string text) => Addresses.Parse(text, out var address) is null ? address : null;

    private static ushort? Number(string? text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static YamlMapping? Mapping(YamlMapping? parent, string field) =>
        parent is not null && parent.TryGet(field, out var entry) ? entry.Value as YamlMapping : null;

    private static IReadOnlyList<YamlNode> Items(YamlMapping? parent, string field) =>
        parent is not null && parent.TryGet(field, out var entry) && entry.Value is YamlSequence list ? list.Items : [];

    private static string? Text(YamlMapping? parent, string field) =>
        parent is not null && parent.TryGet(field, out var entry)
            && entry.Value is YamlScalar { Kind: not ScalarKind.Null } scalar ? scalar.Value : null;
}
