using System.Text.Json;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>The manifests of the conformance collection, where it is present.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public void Valid_manifests_load_without_errors()
    {
        var files = Files().Where(f => !f.Contains("/invalid/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f =>
        {
            var result = ManifestLoader.Load([f]);
            Assert.False(result.HasErrors, DiagnosticRenderer.Render(result));
        });
    }

    [Fact]
    public void Invalid_manifests_are_told_from_valid_ones()
    {
        var files = Files().Where(f => f.Contains("/invalid/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f =>
        {
            using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(f)!, "expected.json")));
            var result = ManifestLoader.Load([f]);
            Assert.True(expected.RootElement.GetProperty("valid").GetBoolean() == !result.HasErrors, f + "\n" + DiagnosticRenderer.Render(result));
        });
    }

    private static IEnumerable<string> Files()
    {
        string? root = Root();
        if (root is null)
        {
            Assert.Skip("no conformance collection: set DATAPLANE_CONFORMANCE, or put it at ../shared/conformance");
        }
        return Directory.EnumerateFiles(root, "*.yaml", SearchOption.AllDirectories);
    }

    private static string? Root()
    {
        if (Environment.GetEnvironmentVariable("DATAPLANE_CONFORMANCE") is { Length: > 0 } named)
        {
            return named;
        }
        return new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() }.SelectMany(Ancestors)
            .Select(d => Path.Combine(d, "shared", "conformance")).FirstOrDefault(Directory.Exists);
    }

    private static IEnumerable<string> Ancestors(string directory)
    {
        for (var d = new DirectoryInfo(directory); d is not null; d = d.Parent)
        {
            yield return d.FullName;
        }
    }
}
