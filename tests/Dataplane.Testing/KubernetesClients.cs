using System.Diagnostics;

namespace Dataplane.Testing;

/// <summary>
/// Clients of Kubernetes: those that <c>make test</c> has put into out/tools, or else those on PATH. A test that asks
/// for one that is not there is skipped, with the reason.
/// </summary>
public static class KubernetesClients
{
    /// <summary>Where <c>make test</c> puts them; before PATH where a script is to find them.</summary>
    public static string Folder => SourceTree.Full("out/tools");

    /// <summary>The path of kubectl.</summary>
    public static string Kubectl() => Path("kubectl");

    /// <summary>The path of helm.</summary>
    public static string Helm() => Path("helm");

    /// <summary>The path of a kubectl of exactly this version: what one prints is not what all print.</summary>
    /// <param name="version">Such as 1.35.</param>
    public static string Kubectl(string version)
    {
        var found = Find($"kubectl-{version}") ?? Path("kubectl");
        var said = Tool.Run(new ProcessStartInfo(found, ["version", "--client", "-o", "yaml"])).Succeeded();
        Assert.SkipUnless(said.Contains($"gitVersion: v{version}.", StringComparison.Ordinal),
            $"kubectl {version} is not installed; `make test` fetches it");
        return found;
    }

    private static string Path(string name)
    {
        var found = Find(name);
        Assert.SkipWhen(found is null, $"{name} is not installed; `make test` fetches it where there is npm");
        return found!;
    }

    private static string? Find(string name) =>
        new[] { Folder }.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
