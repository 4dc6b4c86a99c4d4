using System.Net;
using System.Text.Json;

namespace Dataplane.Api.Networks;

/// <summary>Reads a network configuration for dataplane-cni, and finds all that is wrong with it.</summary>
public sealed class NetworkConfigReader
{
    /// <summary>Of the configuration itself, of the list that it is part of, and what runtimes add.</summary>
    private static readonly string[] Known =
    [
        "cniVersion", "name", "type", "socket", "dataplane", "ipam", "dns", "args", "capabilities", "runtimeConfig",
        "prevResult", "cni.dev/valid-attachments", "cni.dev/attachments",
    ];

    private static readonly string[] KnownOfPods = ["namespace", "labels"];
    private static readonly string[] KnownOfDns = ["nameservers", "domain", "search", "options"];
    private static readonly string[] KnownCapabilities = ["ips", "dns", "portMappings", "mac"];

    private readonly List<ConfigProblem> _problems = [];

    /// <exception cref="ConfigException">It has errors.</exception>
    public static NetworkConfig Read(ConfigValue config)
    {
        var reader = new NetworkConfigReader();
        var read = reader.ReadConfig(config, config["cniVersion"], config["name"]);
        return reader._problems.Count == 0 ? read! : throw new ConfigException(reader._problems);
    }

    /// <summary>The problems of a configuration that is part of a list.</summary>
    /// <param name="version">The list's.</param>
    /// <param name="name">The list's.</param>
    /// <param name="read">Null where there are errors.</param>
    public static IReadOnlyList<ConfigProblem> Check(
        ConfigValue config, ConfigValue? version, ConfigValue? name, out NetworkConfig? read)
    {
        var reader = new NetworkConfigReader();
        read = reader.ReadConfig(config, version, name);
        return reader._problems;
    }

    /// <returns>Null where something is missing without which there is none.</returns>
    private NetworkConfig? ReadConfig(ConfigValue config, ConfigValue? versionField, ConfigValue? nameField)
    {
        if (!Require(config, JsonTokenType.StartObject, "an object")) return null;
        RefuseUnknown(config, Known);
        var version = ReadVersion(config, versionField);
        var name = ReadName(config, nameField);
        if (Text(config["type"]) is { } type && type != NetworkConfig.Type)
            Add(config["type"]!, $"{Quoted(type)} is another plugin: this one is {NetworkConfig.Type}");
        var socket = Text(config["socket"]) ?? ApiPaths.DefaultSocket;
        if (config["socket"] is { } at && (!socket.StartsWith('/') || socket.Length > ApiPaths.MaxSocketPath))
        {
            Add(at, $"{Quoted(socket)} is no path of a socket",
                $"an absolute path, of {ApiPaths.MaxSocketPath} bytes at most");
        }
        var (ns, labels) = ReadPods(config["dataplane"]);
        var runtime = config["runtimeConfig"];
        if (runtime is not null) Require(runtime, JsonTokenType.StartObject, "an object");
        RefuseCapabilities(config["capabilities"], runtime);
        var dns = ReadDns(runtime?["dns"], "servers", "searches") ?? ReadDns(config["dns"], "nameservers", "search");
        var (ipam, addresses) = (ReadIpam(config["ipam"]), ReadAddresses(runtime?["ips"]));
        var valid = ReadValid(config["cni.dev/valid-attachments"] ?? config["cni.dev/attachments"]);
        if (version is null || name is null || _problems.Count > 0) return null;
        return new NetworkConfig(version.Value, name, socket, ns ?? "default", labels)
        {
            Ipam = ipam, Dns = dns, Addresses = addresses, Previous = config["prevResult"], Valid = valid,
        };
    }

    private CniVersion? ReadVersion(ConfigValue config, ConfigValue? field)
    {
        if (field is null)
        {
            Add(config, "cniVersion is missing", $"one of {string.Join(", ", CniVersion.Supported)}");
            return null;
        }
        if (Text(field) is not { } text) return null;
        if (CniVersion.Of(text) is { } version) return version;
        Add(field, $"{Quoted(text)} is no version that is supported",
            $"one of {string.Join(", ", CniVersion.Supported)}");
        return null;
    }

    private string? ReadName(ConfigValue config, ConfigValue? field)
    {
        if (field is null)
        {
            Add(config, "name is missing", "the name of the network");
            return null;
        }
        if (Text(field) is not { } name) return null;
        if (name.Length is > 0 and <= 255 && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            return name;
        }
        Add(field, $"{Quoted(name)} is no name of a network",
            "letters, digits, '_', '.' and '-', of which the first is a letter or digit");
        return null;
    }

    private (string? Namespace, IReadOnlyList<ConfigMember> Labels) ReadPods(ConfigValue? pods)
    {
        if (pods is null || !Require(pods, JsonTokenType.StartObject, "an object")) return (null, []);
        RefuseUnknown(pods, KnownOfPods);
        var labels = pods["labels"];
        if (labels is not null && Require(labels, JsonTokenType.StartObject, "an object"))
            foreach (var label in labels.Members) Text(label.Value);
        return (Text(pods["namespace"]), labels?.Members ?? []);
    }

    private string? ReadIpam(ConfigValue? ipam)
    {
        // An empty object is what configurations without addresses have.
        if (ipam is null || !Require(ipam, JsonTokenType.StartObject, "an object")) return null;
        if (ipam.Members.Count == 0) return null;
        if (ipam["type"] is not { } field)
        {
            Add(ipam, "type is missing", "the plugin that assigns addresses; without ipam the daemon does");
            return null;
        }
        if (Text(field) is not { } type) return null;
        if (type.Length > 0 && !type.Contains('/') && type is not ("." or "..")) return type;
        Add(field, $"{Quoted(type)} is no name of a plugin", "the name of a file in CNI_PATH");
        return null;
    }

    /// <param name="servers">The runtime and the configuration have two words for each.</param>
    private DnsConfig? ReadDns(ConfigValue? dns, string servers, string search)
    {
        if (dns is null || !Require(dns, JsonTokenType.StartObject, "an object") || dns.Members.Count == 0) return null;
        if (servers == "nameservers") RefuseUnknown(dns, KnownOfDns);
        return new DnsConfig(Texts(dns[servers]), Text(dns["domain"]), Texts(dns[search]), Texts(dns["options"]));
    }

    private List<string> ReadAddresses(ConfigValue? ips)
    {
        var addresses = new List<string>();
        if (ips is null || !Require(ips, JsonTokenType.StartArray, "a list")) return addresses;
        foreach (var item in ips.Items)
        {
            if (Text(item) is not { } text) continue;
            // With a prefix length: a pod is alone in its network.
            if (IPAddress.TryParse(text.Split('/')[0], out var address)) addresses.Add($"{address}");
            else Add(item, $"{Quoted(text)} is no IP address");
        }
        return addresses;
    }

    private List<ContainerInterface>? ReadValid(ConfigValue? valid)
    {
        if (valid is null || !Require(valid, JsonTokenType.StartArray, "a list")) return null;
        var stay = new List<ContainerInterface>();
        foreach (var item in valid.Items)
        {
            if (Text(item["containerID"]) is { } container && Text(item["ifname"]) is { } name)
                stay.Add(new ContainerInterface(container, name));
            else
                Add(item, "containerID and ifname are both needed: else the wrong ones would be deleted");
        }
        return stay;
    }

    private void RefuseCapabilities(ConfigValue? capabilities, ConfigValue? runtime)
    {
        if (capabilities is not null && Require(capabilities, JsonTokenType.StartObject, "an object"))
        {
            foreach (var member in capabilities.Members.Where(m => m.Value.Kind == JsonTokenType.True))
            {
                if (member.Name is "portMappings" or "mac" || !KnownCapabilities.Contains(member.Name))
                    AddUnsupported(member, HelpFor(member.Name));
            }
        }
        foreach (var member in runtime?.Members ?? [])
        {
            var isAsked = member.Value is not ({ Kind: JsonTokenType.StartArray, Items.Count: 0 }
                or { Kind: JsonTokenType.Null } or { String: "" });
            if (member.Name is "portMappings" or "mac" && isAsked)
                AddUnsupported(member, HelpFor(member.Name));
        }
    }

    private static string HelpFor(string capability) => capability switch
    {
        "portMappings" => "put the plugin portmap behind this one in the list, and the capability there",
        "mac" => "the node knows a pod by its port and the MAC address that it gave it",
        _ => "there are ips and dns",
    };

    private void RefuseUnknown(ConfigValue value, string[] known)
    {
        foreach (var member in value.Members.Where(m => !known.Contains(m.Name)))
            AddUnsupported(member, $"there are {string.Join(", ", known)}");
    }

    private void AddUnsupported(ConfigMember member, string help)
    {
        // CNI specification, error code 2: the message names key and value.
        var value = System.Text.Encoding.UTF8.GetString(member.Value.Raw);
        _problems.Add(new ConfigProblem(member.Value.Path, member.Place.Line, member.Place.Column,
            $"not supported, with the value {(value.Length > 80 ? $"{value[..80]}..." : value)}")
        {
            Help = help, IsUnsupported = true,
        });
    }

    private List<string> Texts(ConfigValue? list)
    {
        var texts = new List<string>();
        if (list is not null && Require(list, JsonTokenType.StartArray, "a list"))
            foreach (var item in list.Items) if (Text(item) is { } text) texts.Add(text);
        return texts;
    }

    /// <summary>Null where there is none, or, reported, where it is something else.</summary>
    private string? Text(ConfigValue? value) =>
        value is not null && Require(value, JsonTokenType.String, "a text in quotes") ? value.String : null;

    private bool Require(ConfigValue value, JsonTokenType kind, string what)
    {
        if (value.Kind == kind) return true;
        Add(value, $"it must be {what}");
        return false;
    }

    private void Add(ConfigValue at, string message, string? help = null) =>
        _problems.Add(new ConfigProblem(at.Path, at.Place.Line, at.Place.Column, message) { Help = help });

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
