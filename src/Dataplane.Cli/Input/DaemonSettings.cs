using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Daemon;
using Dataplane.Daemon.Api;
using Dataplane.Node.Addressing;

namespace Dataplane.Cli;

/// <summary>One setting of the daemon, the same from the command line, a variable or the file.</summary>
/// <param name="Name">With dashes, as on the command line.</param>
/// <param name="Set">The options with these values. Throws <see cref="FormatException"/> with the reason.</param>
internal sealed record DaemonSetting(string Name, string HelpName, string Description, Func<DaemonOptions, IReadOnlyList<string>, DaemonOptions> Set)
{
    public string Variable => "DATAPLANE_" + Key.Replace('-', '_').ToUpperInvariant();

    public string Key => Name[2..];
}

/// <summary>All of them, and how the sources come together.</summary>
internal static class DaemonSettings
{
    private static readonly DaemonOptions Defaults = new();

    public static readonly IReadOnlyList<DaemonSetting> All =
    [
        new("--node", "private|host", "private: the node is a network namespace of its own. host: this machine's own; default private",
            (o, v) => o with { Node = One(v) is "private" or "host" ? One(v) : throw new FormatException($"{One(v)}: not one of private, host") }),
        new("--node-name", "NAME", $"Of a private node, below /run/netns; default {Defaults.NodeName}", (o, v) => o with { NodeName = NodeName(One(v)) }),
        new("--socket", "PATH", $"Where to answer; default {ApiPaths.DefaultSocket}", (o, v) => o with { Socket = Absolute(One(v)) }),
        new("--state-dir", "DIR", $"Where the desired state is kept; default {Defaults.StateDirectory}", (o, v) => o with { StateDirectory = Absolute(One(v)) }),
        new("--manifests", "DIR", "Watched: its manifests are desired state too; default none", (o, v) => o with { ManifestDirectory = Absolute(One(v)) }),
        new("--pod-cidr", "CIDR", $"Where pods without an address of their own get one, one for each family;\ndefault {NodeOptions.Default.PodNetworkIPv4} and {NodeOptions.Default.PodNetworkIPv6}", Networks),
        new("--admin-group", "GROUP", "By name or number: its members may do everything, as root may", (o, v) => o with { AdminGroup = One(v) }),
        new("--read-group", "GROUP", "Its members may ask, and change nothing", (o, v) => o with { ReadGroup = One(v) }),
        new("--otlp", "URL", "Where to send metrics, such as http://127.0.0.1:4317; default nowhere", (o, v) => o with { OtlpEndpoint = Url(One(v)) }),
    ];

    /// <param name="given">Of the command line, by name.</param>
    /// <param name="file">The configuration file; null: what DATAPLANE_CONFIG says, or none.</param>
    /// <exception cref="CommandFailure">A value is wrong, or the file is.</exception>
    public static DaemonOptions Read(Dictionary<string, string[]> given, Func<string, string?> variable, string? file)
    {
        file ??= variable("DATAPLANE_CONFIG");
        var written = string.IsNullOrEmpty(file) ? [] : ReadFile(file);
        var options = Defaults;
        foreach (var setting in All)
        {
            if (given.TryGetValue(setting.Name, out var words)) options = Apply(setting, options, words, setting.Name, ExitCodes.Usage);
            else if (variable(setting.Variable) is { Length: > 0 } text) options = Apply(setting, options, text.Split(',', StringSplitOptions.TrimEntries), setting.Variable, ExitCodes.Usage);
            else if (written.TryGetValue(setting.Key, out words)) options = Apply(setting, options, words, $"{file}: {setting.Key}", ExitCodes.Input);
        }
        return options;
    }

    private static DaemonOptions Apply(DaemonSetting setting, DaemonOptions options, IReadOnlyList<string> values, string where, int exit)
    {
        try
        {
            return setting.Set(options, values);
        }
        catch (FormatException e)
        {
            throw new CommandFailure(exit, $"{where} {e.Message}");
        }
    }

    private static Dictionary<string, string[]> ReadFile(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw Wrong("no JSON object");
            return json.RootElement.EnumerateObject().ToDictionary(p => All.Any(s => s.Key == p.Name) ? p.Name : throw Wrong(
                $"no setting \"{p.Name}\"; there are {string.Join(", ", All.Select(s => s.Key))}"), p => p.Value.ValueKind switch
            {
                JsonValueKind.String => [p.Value.GetString()!],
                JsonValueKind.Array when p.Value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) => p.Value.EnumerateArray().Select(v => v.GetString()!).ToArray(),
                _ => throw Wrong($"{p.Name} is neither a text nor a list of texts"),
            });
        }
        catch (JsonException e)
        {
            throw Wrong($"no JSON: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Wrong(e is ArgumentException ? "a setting is there twice" : e.Message);
        }

        CommandFailure Wrong(string why) => new(ExitCodes.Input, $"{file}: {why.ReplaceLineEndings(" ")}");
    }

    private static string One(IReadOnlyList<string> values) => values is [{ Length: > 0 } only] ? only : throw new FormatException("takes one value");

    private static string Absolute(string path) => Path.GetFullPath(path);

    private static string NodeName(string name) => name.Length <= 63 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && char.IsAsciiLetterOrDigit(name[0])
        ? name
        : throw new FormatException($"{name}: a name has at most 63 letters, digits, dots, dashes and underscores, and begins with a letter or digit");

    private static DaemonOptions Networks(DaemonOptions options, IReadOnlyList<string> values)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in values)
        {
            if (Settings.Refusal(text, networks, out var network) is { } why) throw new FormatException($"{text}: {why}");
            networks.Add(network);
        }
        foreach (var network in networks)
            options = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? options with { PodNetworkIPv4 = network } : options with { PodNetworkIPv6 = network };
        return options;
    }

    private static Uri Url(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
        ? url
        : throw new FormatException($"{text}: no URL; write it like http://127.0.0.1:4317");
}
