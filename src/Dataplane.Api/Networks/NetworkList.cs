using System.Text.Json;

namespace Dataplane.Api.Networks;

/// <summary>A file of a runtime's directory of networks: a list of plugins, or a configuration for one.</summary>
/// <param name="Plugins">Configurations, in the order in which they run.</param>
public sealed record NetworkList(ConfigValue? Version, ConfigValue? Name, IReadOnlyList<ConfigValue> Plugins)
{
    private static readonly string[] Known =
        ["cniVersion", "cniVersions", "name", "plugins", "disableCheck", "disableGC", "loadOnlyInlinedPlugins"];

    /// <summary>The configurations for dataplane-cni.</summary>
    public IEnumerable<ConfigValue> Own => Plugins.Where(p => TypeOf(p) == NetworkConfig.Type);

    /// <summary>Reads a file. One without the member <c>plugins</c> is a configuration for one plugin.</summary>
    /// <param name="problems">Takes what is wrong with the list; its configurations are not looked at.</param>
    public static NetworkList Read(ConfigValue file, List<ConfigProblem> problems)
    {
        if (file.Kind != JsonTokenType.StartObject)
        {
            problems.Add(Problem(file, "it must be an object"));
            return new NetworkList(null, null, []);
        }
        if (!file.Members.Any(m => m.Name == "plugins"))
            return new NetworkList(file["cniVersion"], file["name"], [file]);
        foreach (var member in file.Members.Where(m => !Known.Contains(m.Name)))
        {
            problems.Add(new ConfigProblem(member.Name, member.Place.Line, member.Place.Column, "no member of a list")
            {
                Help = $"there are {string.Join(", ", Known)}", IsUnsupported = true,
            });
        }
        var plugins = file["plugins"];
        if (plugins is not { Kind: JsonTokenType.StartArray, Items.Count: > 0 })
            problems.Add(Problem(plugins ?? file, "plugins: it must be a list of at least one plugin"));
        foreach (var plugin in plugins?.Items ?? [])
            if (TypeOf(plugin) is null) problems.Add(Problem(plugin, "type is missing: the name of the plugin"));
        return new NetworkList(file["cniVersion"], file["name"], plugins?.Items ?? []);
    }

    /// <summary>The name of the plugin that a configuration is for; null: it names none.</summary>
    public static string? TypeOf(ConfigValue plugin) => plugin["type"]?.String;

    private static ConfigProblem Problem(ConfigValue at, string message) =>
        new(at.Path, at.Place.Line, at.Place.Column, message);
}
