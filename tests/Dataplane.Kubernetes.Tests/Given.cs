using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Short ways to load a text and to say what was found in it.</summary>
internal static class Given
{
    public const string File = "m.yaml";

    public static LoadResult Text(string text) => ManifestLoader.LoadText(File, text);

    /// <summary>
    /// A policy around the lines of its spec, which are given without indentation and start in line 6.
    /// </summary>
    public static LoadResult PolicySpec(string spec)
        => Text("apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\nspec:\n" + Indent(spec));

    public static LoadResult IngressRule(string rule) => PolicySpec("podSelector: {}\ningress:\n-\n" + Indent(rule));

    /// <summary>A pod around the lines of its one container.</summary>
    public static LoadResult Container(string lines)
        => Text("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - name: c\n"
            + Indent(Indent(lines)));

    public static LoadResult PodWith(string lines)
        => Text("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n" + lines);

    public static LoadResult Labels(string lines)
        => Text("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: 'n'\n  labels:\n" + Indent(Indent(lines)));

    /// <summary>Loaded without any finding.</summary>
    public static ManifestSet Clean(this LoadResult result)
    {
        Assert.True(result.Diagnostics.Count == 0, result.Report());
        return result.Manifests;
    }

    public static NetworkPolicyObject Policy(this LoadResult result) => Assert.Single(result.Clean().NetworkPolicies);

    public static PodObject Pod(this LoadResult result) => Assert.Single(result.Clean().Pods);

    /// <summary>The only finding, with its code.</summary>
    public static Diagnostic Only(this LoadResult result, string code)
    {
        Assert.True(result.Diagnostics.Count == 1 && result.Diagnostics[0].Code == code,
            $"wanted {code} alone:\n" + result.Report());
        return result.Diagnostics[0];
    }

    /// <summary>The same result with nothing but its errors.</summary>
    public static LoadResult Errors(this LoadResult result) =>
        result with { Diagnostics = [.. result.Diagnostics.Where(d => d.Severity == Severity.Error)] };

    /// <summary>Codes with places, such as <c>K001@24:3</c>, in order.</summary>
    public static string[] Places(this LoadResult result)
        => [.. result.Diagnostics.Select(d => $"{d.Code}@{d.Position.Line}:{d.Position.Column}")];

    private static string Indent(string lines) => string.Join('\n', lines.Split('\n').Select(l => "  " + l));
}
