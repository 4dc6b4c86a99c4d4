using System.Text.Json;
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
            Assert.False(result.HasErrors, result.Report());
        });
    }

    [Fact]
    public void Invalid_manifests_are_told_from_valid_ones()
    {
        var files = Files().Where(f => f.Contains("/invalid/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.All(files, f =>
        {
            using var expected =
                JsonDocument.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(f)!, "expected.json")));
            var result = ManifestLoader.Load([f]);
            Assert.True(expected.RootElement.GetProperty("valid").GetBoolean() == !result.HasErrors,
                f + "\n" + result.Report());
        });
    }

    private static IEnumerable<string> Files()
    {
        // A folder that is named and does not exist is a mistake, not an absence.
        Assert.True(ConformanceFolder.Path is not null
            || Environment.GetEnvironmentVariable(ConformanceFolder.Variable) is null or "", ConformanceFolder.Absence);
        Assert.SkipWhen(ConformanceFolder.Path is null, ConformanceFolder.Absence);
        return Directory.EnumerateFiles(ConformanceFolder.Path, "*.yaml", SearchOption.AllDirectories);
    }
}
