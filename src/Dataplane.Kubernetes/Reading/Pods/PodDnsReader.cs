using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Pods;

/// <summary>
/// dnsPolicy and dnsConfig, with the limits of the API server (validatePodDNSConfig of pkg/apis/core/validation).
/// </summary>
internal static class PodDnsReader
{
    private const int MostServers = 3, MostSearches = 32, LongestSearches = 2048;

    private static readonly string[] Policies = Enum.GetNames<DnsPolicy>();

    /// <param name="spec">The spec of a pod.</param>
    public static PodDns Read(MappingReader spec)
    {
        var policy = spec.Filled("dnsPolicy") is { } field && Words.Read(field, Policies) is { } word
            ? Enum.Parse<DnsPolicy>(word) : DnsPolicy.ClusterFirst;
        var config = spec.Field("dnsConfig")?.Mapping(PodFields.DnsConfig);
        var servers = config?.Items("nameservers") ?? [];
        if (policy == DnsPolicy.None && servers.Count == 0)
        {
            spec.Key("dnsPolicy").Error(Codes.MissingField, "`dnsPolicy: None` needs `dnsConfig.nameservers`",
                "nobody is asked for names", help: "list at least one address there, or choose another policy");
        }
        if (config is null)
        {
            return policy == DnsPolicy.ClusterFirst ? PodDns.Usual : PodDns.Usual with { Policy = policy };
        }
        return new PodDns(policy, Servers(config, servers), Searches(config),
            [.. config.Items("options").Select(Option).OfType<DnsOption>()]);
    }

    private static IPAddress[] Servers(MappingReader config, IReadOnlyList<NodeReader> items)
    {
        Limit(config, "nameservers", items.Count > MostServers,
            $"{items.Count} items, and at most {MostServers} are taken");
        return [.. items.Select(i => PodHostReader.Address(i, "the address of a name server")).OfType<IPAddress>()];
    }

    private static string[] Searches(MappingReader config)
    {
        var items = config.Items("searches");
        string[] domains = [.. items.Select(Domain).OfType<string>()];
        var length = string.Join(' ', domains).Length;
        Limit(config, "searches", items.Count > MostSearches,
            $"{items.Count} items, and at most {MostSearches} are taken");
        Limit(config, "searches", length > LongestSearches,
            $"{length} characters with the blanks between, and at most {LongestSearches} are taken");
        return domains;
    }

    private static void Limit(MappingReader config, string field, bool isOver, string what)
    {
        if (isOver)
        {
            config.Key(field).Error(Codes.TooManyItems, $"{config.Self.Path.Field(field)}: {what}",
                "the API server refuses it");
        }
    }

    /// <summary>A domain, which may end with a dot; a dot alone is that of all names.</summary>
    private static string? Domain(NodeReader at) =>
        at.String() is { } text && (text == "." || MetadataReader.CheckName(
            at, text.EndsWith('.') ? text[..^1] : text, "domain", Names.SearchDomain)) ? text : null;

    private static DnsOption? Option(NodeReader at)
    {
        if (at.Mapping(PodFields.DnsOption) is not { } option
            || option.Required("name", "such as ndots") is not { } field || field.String() is not { } name)
        {
            return null;
        }
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            field.Error(Codes.InvalidValue, $"{Quote.Of(name)} is not an option of a resolver",
                name.Length == 0 ? "it is empty" : "one word is needed");
            return null;
        }
        var value = option.Field("value")?.String();
        if (value?.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) == true)
        {
            option.Field("value")!.Value.Error(Codes.InvalidValue,
                $"{Quote.Of(value)} is not the value of an option of a resolver", "one word is needed");
            return null;
        }
        return new DnsOption(name, value);
    }
}
