using System.Xml.Linq;

namespace Dataplane.Architecture.Tests;

/// <summary>The allowed references between projects. A new project is added here, with thought.</summary>
internal static class Arrows
{
    /// <summary>The direct references of each project, as the project file must have them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Direct = new Dictionary<string, string[]>
    {
        ["Dataplane.Kubernetes"] = [],
        ["Dataplane.ApiMachinery"] = ["Dataplane.Kubernetes"],
        ["Dataplane.Policy"] = ["Dataplane.Kubernetes"],
        ["Dataplane.Planning"] = ["Dataplane.Policy"],
        ["Dataplane.Services"] = ["Dataplane.Policy"],
        ["Dataplane.Dns"] = ["Dataplane.Services"],
        ["Dataplane.Runtime"] = ["Dataplane.Kubernetes", "Dataplane.Linux"],
        ["Dataplane.Supervisor"] = ["Dataplane.Runtime"],
        ["Dataplane.Linux"] = [],
        ["Dataplane.Rules"] = ["Dataplane.Services", "Dataplane.Linux"],
        ["Dataplane.Node"] = ["Dataplane.Planning", "Dataplane.Rules"],
        ["Dataplane.Control"] = ["Dataplane.Node"],
        ["Dataplane.Api"] = [],
        ["Dataplane.Daemon"] = ["Dataplane.ApiMachinery", "Dataplane.Control", "Dataplane.Api", "Dataplane.Dns",
            "Dataplane.Runtime"],
        ["Dataplane.Cni"] = ["Dataplane.Api", "Dataplane.Linux"],
        ["Dataplane.Cli"] = ["Dataplane.Daemon", "Dataplane.Api", "Dataplane.Dns"],
    };

    /// <summary>
    /// The direct references of the projects beside src, by folder: a program of unit tests refers to what it tests and
    /// to what all of them share, never to another program of tests.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string[]> Beside = new Dictionary<string, string[]>
    {
        ["tests/Dataplane.Testing"] = ["Dataplane.Node"],
        ["tests/Dataplane.ApiMachinery.Tests"] = ["Dataplane.ApiMachinery", Testing],
        ["tests/Dataplane.Architecture.Tests"] =
            ["Dataplane.Cli", "Dataplane.Cni", "Dataplane.Supervisor", Testing],
        ["tests/Dataplane.Cli.Tests"] = ["Dataplane.Cli", "Dataplane.Cni", Testing],
        ["tests/Dataplane.Daemon.Tests"] = ["Dataplane.Daemon", Testing],
        ["tests/Dataplane.Dns.Tests"] = ["Dataplane.Dns", Testing],
        ["tests/Dataplane.Examples.Tests"] = ["Dataplane.Cli", Testing],
        ["tests/Dataplane.Kubernetes.Tests"] = ["Dataplane.Kubernetes", Testing],
        ["tests/Dataplane.Linux.Tests"] = ["Dataplane.Linux", Testing],
        ["tests/Dataplane.Policy.Tests"] = ["Dataplane.Policy", Testing],
        ["tests/Dataplane.Rules.Tests"] = ["Dataplane.Rules", Testing],
        ["tests/Dataplane.Runtime.Tests"] = ["Dataplane.Runtime", Testing],
        ["tests/Dataplane.Services.Tests"] = ["Dataplane.Services", Testing],
        ["integration/Dataplane.Integration"] =
            ["Dataplane.Cli", "Dataplane.Cni", "Dataplane.Supervisor", Testing],
        ["bench/Dataplane.Bench"] = ["Dataplane.Daemon", "Dataplane.Dns", Testing],
    };

    private const string Testing = "Dataplane.Testing";

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
            .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!))
            .Order(StringComparer.Ordinal)];
}
