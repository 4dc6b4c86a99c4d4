using System.Collections;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Dns.Serving;
using Dataplane.Node.Live;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.Configuration;

/// <summary>
/// Reads options from a configuration file (one JSON object), the environment and flags; the later wins. An option is
/// called <c>podNetworkIPv4</c> in the file and <c>DATAPLANE_POD_NETWORK_IPV4</c> in the environment.
/// </summary>
public static class DaemonOptionsReader
{
    private const int MaxNodeName = LiveNode.MaxNameLength;

    private const int MaxFileBytes = 64 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly record struct Option(string Name, string Variable, Func<DaemonOptions, string, DaemonOptions> Set);

    private static readonly Option[] All =
    [
        new("node", "DATAPLANE_NODE", (o, v) => o with { Node = v }),
        new("nodeName", "DATAPLANE_NODE_NAME", (o, v) => o with { NodeName = v }),
        new("masquerade", "DATAPLANE_MASQUERADE", (o, v) => o with { Masquerade = Flag("masquerade", v) }),
        new("shortWay", "DATAPLANE_SHORT_WAY", (o, v) => o with { ShortWay = Mode(v) }),
        new("socket", "DATAPLANE_SOCKET", (o, v) => o with { Socket = v }),
        new("stateDirectory", "DATAPLANE_STATE_DIR", (o, v) => o with { StateDirectory = v }),
        new("manifestDirectory", "DATAPLANE_MANIFESTS", (o, v) => o with { ManifestDirectory = v }),
        new("podNetworkIPv4", "DATAPLANE_POD_NETWORK_IPV4",
            (o, v) => o with { PodNetworkIPv4 = Network("podNetworkIPv4", v, AddressFamily.InterNetwork, 30) }),
        new("podNetworkIPv6", "DATAPLANE_POD_NETWORK_IPV6",
            (o, v) => o with { PodNetworkIPv6 = Network("podNetworkIPv6", v, AddressFamily.InterNetworkV6, 126) }),
        new("serviceNetworkIPv4", "DATAPLANE_SERVICE_NETWORK_IPV4",
            (o, v) => o with { ServiceNetworkIPv4 = Network("serviceNetworkIPv4", v, AddressFamily.InterNetwork, 28) }),
        new("serviceNetworkIPv6", "DATAPLANE_SERVICE_NETWORK_IPV6",
            (o, v) => o with
            {
                ServiceNetworkIPv6 = Network("serviceNetworkIPv6", v, AddressFamily.InterNetworkV6, 124),
            }),
        new("loadBalancerPoolIPv4", "DATAPLANE_LOAD_BALANCER_POOL_IPV4",
            (o, v) => o with
            {
                LoadBalancerPoolIPv4 = Network("loadBalancerPoolIPv4", v, AddressFamily.InterNetwork, 32),
            }),
        new("loadBalancerPoolIPv6", "DATAPLANE_LOAD_BALANCER_POOL_IPV6",
            (o, v) => o with
            {
                LoadBalancerPoolIPv6 = Network("loadBalancerPoolIPv6", v, AddressFamily.InterNetworkV6, 128),
            }),
        new("dns", "DATAPLANE_DNS", (o, v) => o with { Dns = OnOff("dns", v) }),
        new("dnsUpstream", "DATAPLANE_DNS_UPSTREAM", (o, v) => o with { DnsUpstreams = Servers("dnsUpstream", v) }),
        new("runtime", "DATAPLANE_RUNTIME", (o, v) => o with { Runtime = Runtime(v) }),
        new("kubernetesApi", "DATAPLANE_KUBERNETES_API", (o, v) => o with { KubernetesApi = ApiAddress(v) }),
        new("kubernetesApiClientCa", "DATAPLANE_KUBERNETES_API_CLIENT_CA",
            (o, v) => o with { KubernetesApiClientAuthority = v }),
        new("adminGroup", "DATAPLANE_ADMIN_GROUP", (o, v) => o with { AdminGroup = v }),
        new("readGroup", "DATAPLANE_READ_GROUP", (o, v) => o with { ReadGroup = v }),
        new("otlpEndpoint", "DATAPLANE_OTLP_ENDPOINT", (o, v) => o with { OtlpEndpoint = Endpoint(v) }),
        new("logLevel", "DATAPLANE_LOG_LEVEL", (o, v) => o with { LogLevel = Level(v) }),
    ];

    /// <summary>The names of options in the file and in the flags of <see cref="Read"/>.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(o => o.Name)];

    /// <param name="file">Null: no configuration file.</param>
    /// <param name="environment">Such as Environment.GetEnvironmentVariables(); other variables are ignored.</param>
    /// <param name="flags">By the names of the file; a null value: not given.</param>
    /// <exception cref="OptionException">
    /// One line: which option is wrong, where it came from, and what would be right.
    /// </exception>
    public static DaemonOptions Read(string? file, IDictionary environment, IReadOnlyDictionary<string, string?> flags)
    {
        file = file is null ? null : Path.GetFullPath(file);
        var options = new DaemonOptions { ReadAgain = () => Read(file, environment, flags) };
        if (file is not null)
        {
            foreach (var (name, value) in FromFile(file)) options = Set(options, name, value, file);
        }
        foreach (var option in All)
        {
            if (environment[option.Variable] is string { Length: > 0 } value)
                options = From(option.Variable, () => option.Set(options, value));
        }
        foreach (var (name, value) in flags)
        {
            if (value is not null) options = Set(options, name, value, null);
        }
        Validate(options);
        return options;
    }

    private static DaemonOptions Set(DaemonOptions options, string name, string value, string? file)
    {
        foreach (var option in All)
        {
            if (option.Name == name) return From(file, () => option.Set(options, value));
        }
        var place = file is null ? "" : file + ": ";
        throw new OptionException($"{place}there is no option \"{name}\"; there are {string.Join(", ", Names)}");
    }

    /// <summary>Puts the source of a value before the message of what is wrong with it.</summary>
    private static T From<T>(string? source, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OptionException e) when (source is not null)
        {
            throw new OptionException($"{source}: {e.Message}");
        }
    }

    private static List<(string Name, string Value)> FromFile(string file)
    {
        try
        {
            var lenient = new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true,
            };
            using var document = JsonDocument.Parse(Content(file), lenient);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new OptionException($"{file}: this is no JSON object");
            return
            [
                .. document.RootElement.EnumerateObject().Select(p => p.Value.ValueKind switch
                {
                    JsonValueKind.String => (p.Name, p.Value.GetString()!),
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => (p.Name, p.Value.GetRawText()),
                    _ => throw new OptionException($"{file}: {p.Name} must be a string"),
                }),
            ];
        }
        catch (JsonException e)
        {
            throw new OptionException($"{file}:{e.LineNumber + 1}: this is not valid JSON");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var isAbsent = e is FileNotFoundException or DirectoryNotFoundException;
            throw new OptionException($"{file}: {(isAbsent ? "no such file" : e.Message)}");
        }
    }

    /// <summary>The file may be a device without an end.</summary>
    private static ReadOnlyMemory<byte> Content(string file)
    {
        using var stream = File.OpenRead(file);
        var bytes = new byte[MaxFileBytes + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= MaxFileBytes ? bytes.AsMemory(0, length)
            : throw new OptionException($"{file}: larger than {MaxFileBytes >> 10} KiB");
    }

    private static void Validate(DaemonOptions options)
    {
        if (options.Node is not ("private" or "host" or "simulated"))
            throw new OptionException($"node: \"{options.Node}\" is none of private, host, simulated");
        if (!IsNodeName(options.NodeName))
        {
            throw new OptionException(
                $"nodeName: \"{options.NodeName}\" is not 1 to {MaxNodeName} letters, digits, - and ., a letter or "
                    + "digit first");
        }
        if (options is { IsSimulated: true, Runtime: not RuntimeKind.None })
            throw new OptionException("runtime: nothing can run in the pods of a simulated node; leave it out");
        RequireSafeApi(options);
        if (options.Addresses.Overlap() is { } overlap) throw new OptionException(overlap);
        if (!Path.IsPathRooted(options.Socket))
            throw new OptionException($"socket: {options.Socket} is not an absolute path");
        if (Encoding.UTF8.GetByteCount(options.Socket) > ApiPaths.MaxSocketPath)
            throw new OptionException($"socket: {options.Socket} is longer than {ApiPaths.MaxSocketPath} bytes");
        if (!Path.IsPathRooted(options.StateDirectory))
            throw new OptionException($"stateDirectory: {options.StateDirectory} is not an absolute path");
        // One that does not answer may do so later.
        if (options.ManifestDirectory is { } manifests && Task.Run(() => Directory.Exists(manifests)) is var answer
            && answer.Wait(Patience) && !answer.Result)
        {
            throw new OptionException($"manifestDirectory: there is no directory {manifests}");
        }
        Groups.Number("adminGroup", options.AdminGroup);
        Groups.Number("readGroup", options.ReadGroup);
    }

    private static bool IsNodeName(string name) => name.Length is > 0 and <= MaxNodeName
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');

    private static IPNetwork Network(string name, string text, AddressFamily family, int longest)
    {
        if (!IPNetwork.TryParse(text, out var network) || network.BaseAddress.AddressFamily != family)
        {
            var isIPv4 = family == AddressFamily.InterNetwork;
            var (word, example) = isIPv4 ? ("IPv4", "10.244.0.0/16") : ("IPv6", "fd00:10:244::/64");
            throw new OptionException($"{name}: \"{text}\" is no {word} network such as {example}");
        }
        return network.PrefixLength <= longest ? network
            : throw new OptionException($"{name}: {text} is too small; at most /{longest}");
    }

    private static bool Flag(string name, string text) =>
        bool.TryParse(text, out var flag) ? flag
            : throw new OptionException($"{name}: \"{text}\" is neither true nor false");

    private static bool OnOff(string name, string text) => text is "on" or "off" ? text == "on"
        : throw new OptionException($"{name}: \"{text}\" is neither on nor off");

    private static RuntimeKind Runtime(string text) => text switch
    {
        "none" => RuntimeKind.None,
        "process" => RuntimeKind.Process,
        "podman" => throw new OptionException(
            "runtime: podman cannot be used yet; with none, podman itself attaches containers by dataplane-cni"),
        _ => throw new OptionException($"runtime: \"{text}\" is none of none, process, podman"),
    };

    /// <summary>Separated by commas; port 53 where none is said.</summary>
    private static IReadOnlyList<IPEndPoint> Servers(string name, string text) =>
    [
        .. text.Split(',').Select(one => IPEndPoint.TryParse(one, out var server)
            ? new IPEndPoint(server.Address, server.Port == 0 ? DnsServer.Port : server.Port)
            : throw new OptionException($"{name}: \"{one}\" is no address such as 192.0.2.1 or [2001:db8::1]:5353")),
    ];

    private static IPEndPoint ApiAddress(string text) =>
        IPEndPoint.TryParse(text, out var at) && text.Contains(':')
            && (at.Port > 0 || text.EndsWith(":0", StringComparison.Ordinal))
            ? at : throw new OptionException($"kubernetesApi: \"{text}\" is no address such as 127.0.0.1:6443");

    /// <summary>Elsewhere than on loopback, a token that somebody has read would be enough.</summary>
    private static void RequireSafeApi(DaemonOptions options)
    {
        var authority = options.KubernetesApiClientAuthority;
        if (authority is not null && !File.Exists(authority))
            throw new OptionException($"kubernetesApiClientCa: there is no file {authority}");
        if (options.KubernetesApi is { } at && !IPAddress.IsLoopback(at.Address) && authority is null)
        {
            throw new OptionException(
                $"kubernetesApi: {at} is not on loopback; give kubernetesApiClientCa too, so that "
                + "clients need a certificate, or 127.0.0.1");
        }
    }

    private static Uri Endpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? new Uri(text) : throw new OptionException($"otlpEndpoint: \"{text}\" is no http or https address");

    private static ShortWayMode Mode(string text) => text switch
    {
        "auto" => ShortWayMode.Auto,
        "on" => ShortWayMode.On,
        "off" => ShortWayMode.Off,
        _ => throw new OptionException($"shortWay: \"{text}\" is none of auto, on, off"),
    };

    private static LogLevel Level(string text) =>
        text.ToUpperInvariant() switch
        {
            "DEBUG" => LogLevel.Debug,
            "INFORMATION" or "INFO" => LogLevel.Information,
            "WARNING" => LogLevel.Warning,
            "ERROR" => LogLevel.Error,
            _ => throw new OptionException($"logLevel: \"{text}\" is none of Debug, Information, Warning, Error"),
        };
}
