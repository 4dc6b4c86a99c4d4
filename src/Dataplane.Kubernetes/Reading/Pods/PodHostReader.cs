using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>hostnameOverride, setHostnameAsFQDN and hostAliases of core/v1 PodSpec.</summary>
internal static class PodHostReader
{
    private const int LongestHostName = 64;

    /// <param name="spec">The spec of a pod.</param>
    public static PodHost Read(MappingReader spec, bool hostNetwork)
    {
        var isFull = spec.Field("setHostnameAsFQDN")?.Boolean() ?? false;
        var name = Override(spec, isFull, hostNetwork);
        HostAlias[] aliases = [.. spec.Items("hostAliases").Select(Alias).OfType<HostAlias>()];
        return name is null && !isFull && aliases.Length == 0 ? PodHost.Usual : new PodHost(name, isFull, aliases);
    }

    /// <summary>Any address in one of its spellings: it need not be one that a host can have.</summary>
    /// <param name="what">Such as <c>the address of a name server</c>.</param>
    public static IPAddress? Address(NodeReader at, string what)
    {
        if (at.String() is not { } text)
        {
            return null;
        }
        if (Addresses.Parse(text, out var address) is not { } wrong)
        {
            return address;
        }
        at.Error(Codes.InvalidAddress, $"{Quote.Of(text)} is not {what}", wrong);
        return null;
    }

    private static string? Override(MappingReader spec, bool isFull, bool hostNetwork)
    {
        if (spec.Filled("hostnameOverride") is not { } field || field.String() is not { } name
            || !MetadataReader.CheckName(field, name, "host", Names.Subdomain))
        {
            return null;
        }
        if (name.Length > LongestHostName)
        {
            field.Error(Codes.InvalidName, $"{Quote.Of(name)} is not a valid host name",
                $"longer than {LongestHostName} characters");
        }
        if (isFull || hostNetwork)
        {
            var other = isFull ? "setHostnameAsFQDN" : "hostNetwork";
            spec.Key("hostnameOverride").Error(Codes.InvalidValue,
                $"{field.Path} is not for a pod with `{other}: true`", "the API server refuses both together",
                help: "remove one of them", fix: FieldMoves.Without(spec, "hostnameOverride"));
        }
        return name;
    }

    private static HostAlias? Alias(NodeReader at)
    {
        if (at.Mapping(PodFields.HostAlias) is not { } alias)
        {
            return null;
        }
        string[] names = [.. alias.Items("hostnames").Select(Name).OfType<string>()];
        return alias.Required("ip") is { } ip && Address(ip, "an address") is { } address
            ? new HostAlias(address, names) : null;
    }

    private static string? Name(NodeReader at) =>
        at.String() is { } name && MetadataReader.CheckName(at, name, "host", Names.Subdomain) ? name : null;
}
