using System.Xml.Linq;

namespace Dataplane.Architecture.Tests;

/// <summary>Who may know whom. A new project is added here, with thought.</summary>
internal static class Arrows
{
    /// <summary>The direct references of each project, as the project file must have them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Direct = new Dictionary<string, string[]>
    {
        ["Dataplane.Kubernetes"] = [],
        ["Dataplane.Policy"] = ["Dataplane.Kubernetes"],
        ["Dataplane.Linux"] = [],
        ["Dataplane.Rules"] = ["Dataplane.Policy", "Dataplane.Linux"],
        ["Dataplane.Node"] = ["Dataplane.Rules"],
        ["Dataplane.Daemon"] = ["Dataplane.Node"],
        ["Dataplane.Cli"] = ["Dataplane.Daemon"],
    };

    public static TheoryData<string> Projects => [.. Direct.Keys];

    /// <summary>All that a project may use: what its references use is used by it too.</summary>
    public static HashSet<string> Reachable(string project)
    {
        var found = new HashSet<string>();
        foreach (var next in Direct[project])
        {
            found.Add(next);
            found.UnionWith(Reachable(next));
        }
        return found;
    }

    /// <summary>The projects that a project file refers to, by name.</summary>
    public static string[] ReferencesOf(string projectFile) =>
        [.. XDocument.Load(Repository.Full(projectFile)).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)).Order(StringComparer.Ordinal)];
}
