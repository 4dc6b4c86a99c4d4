using Dataplane.Api;
using Dataplane.Api.Client;
using Dataplane.Api.Networks;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Cli.Cni;

/// <summary>What keeps a runtime from making its containers pods.</summary>
internal sealed class CniCheck(CniFiles files, string socket)
{
    private static readonly string[] Extensions = [".conf", ".conflist", ".json"];

    private readonly List<string> _findings = [];

    /// <summary>A line each; empty: nothing.</summary>
    public IReadOnlyList<string> Findings()
    {
        CheckProgram();
        var sockets = CheckNetworks();
        foreach (var path in sockets.DefaultIfEmpty(socket).Distinct()) CheckDaemon(path);
        return _findings;
    }

    private void CheckProgram()
    {
        var path = files.ProgramPath;
        if (!File.Exists(path))
            Add($"{path}: the plugin is missing; install it: sudo dataplane cni install");
        else if (!File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute))
            Add($"{path}: cannot be run; sudo chmod 755 {path}");
        else if (File.Exists(CniFiles.Own) && !CniFiles.AreEqual(path, CniFiles.Own))
            Add($"{path}: the plugin of another version; replace it: sudo dataplane cni install");
    }

    /// <returns>The sockets that the networks name.</returns>
    private List<string> CheckNetworks()
    {
        var sockets = new List<string>();
        var (first, own) = ((string?)null, 0);
        // In the order in which runtimes look for the first.
        foreach (var path in Files().Order(StringComparer.Ordinal))
        {
            if (Read(path) is not { } network) continue;
            if (!network.Own.Any())
            {
                first ??= path;
                continue;
            }
            if (own++ == 0 && first is not null)
            {
                Add($"{first}: its name comes before {Path.GetFileName(path)}: containerd and kubelets take the first; "
                    + "rename one");
            }
            foreach (var plugin in network.Own)
            {
                Tell(path, NetworkConfigReader.Check(plugin, network.Version, network.Name, out var config));
                Tell(path, CheckPods(plugin["dataplane"]));
                if (config is not null) sockets.Add(config.Socket);
            }
            foreach (var plugin in network.Plugins)
            {
                if (NetworkList.TypeOf(plugin) is { } type && !File.Exists(Path.Combine(files.Programs, type)))
                    Tell(path, [At(plugin["type"]!, $"there is no plugin {type} in {files.Programs}")]);
            }
        }
        if (own == 0)
        {
            Add($"{files.Networks}: no network is for {NetworkConfig.Type}; "
                + "install one: sudo dataplane cni install");
        }
        return sockets;
    }

    private IEnumerable<string> Files() => !Directory.Exists(files.Networks) ? []
        : Directory.GetFiles(files.Networks).Where(f => Extensions.Contains(Path.GetExtension(f)));

    /// <summary>Null: it cannot be read, as was told.</summary>
    private NetworkList? Read(string path)
    {
        try
        {
            var problems = new List<ConfigProblem>();
            var network = NetworkList.Read(ConfigValue.Parse(new ConfigText(File.ReadAllBytes(path))), problems);
            Tell(path, problems);
            return network;
        }
        catch (ConfigException e)
        {
            Tell(path, e.Problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Add($"{path}: {e.Message}");
        }
        return null;
    }

    private static IEnumerable<ConfigProblem> CheckPods(ConfigValue? pods)
    {
        if (pods?["namespace"] is { String: { } ns } at && Names.Label(ns) is { } wrong)
            yield return At(at, $"\"{ns}\" is no name of a namespace: {wrong}");
        foreach (var label in pods?["labels"]?.Members ?? [])
        {
            if (Names.QualifiedName(label.Name) is { } key)
            {
                yield return new ConfigProblem(label.Value.Path, label.Place.Line, label.Place.Column,
                    $"\"{label.Name}\" is no key of a label: {key}");
            }
            if (label.Value.String is { } text && Names.LabelValue(text) is { } value)
                yield return At(label.Value, $"\"{text}\" is no value of a label: {value}");
        }
    }

    private void CheckDaemon(string path)
    {
        try
        {
            using var client = new ApiClient(path) { Timeout = TimeSpan.FromSeconds(5) };
            var status = client.GetAsync(ApiPaths.Status, ApiJson.Default.StatusResponse).GetAwaiter().GetResult();
            if (status.Problem is { } problem) Add($"the daemon at {path}: {problem}");
        }
        catch (ApiException e)
        {
            Add(e.Message);
        }
    }

    private void Tell(string path, IEnumerable<ConfigProblem> problems)
    {
        foreach (var problem in problems) Add($"{path}:{problem}");
    }

    private static ConfigProblem At(ConfigValue value, string message) =>
        new(value.Path, value.Place.Line, value.Place.Column, message);

    private void Add(string finding) => _findings.Add(finding);
}
