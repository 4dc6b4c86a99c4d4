using System.Collections;
using Xunit.Sdk;

namespace Dataplane.Architecture.Tests;

/// <summary>What the goldens of all test programs rest on.</summary>
public sealed class GoldenFileTests : IDisposable
{
    private static readonly Hashtable Nothing = [], Update = new() { [GoldenFile.Variable] = "1" };

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Another_text_fails_and_nothing_is_written()
    {
        var golden = _directory.Write("a.txt", "old\n");
        GoldenFile.AssertEqual(golden, "old\n", Nothing);
        Assert.Throws<EqualException>(() => GoldenFile.AssertEqual(golden, "new\n", Nothing));
        Assert.Throws<TrueException>(() => GoldenFile.AssertEqual(_directory["b.txt"], "new\n", Nothing));
        Assert.Equal(["old\n"], Directory.GetFiles(_directory.Path).Select(File.ReadAllText));
    }

    [Fact]
    public void An_update_writes_what_differs_or_is_missing()
    {
        var golden = _directory.Write("a.txt", "old\n");
        GoldenFile.AssertEqual(golden, "new\n", Update);
        GoldenFile.AssertEqual(_directory["b.txt"], "new\n", Update);
        Assert.Equal(["new\n", "new\n"], Directory.GetFiles(_directory.Path).Select(File.ReadAllText));
    }

    [Fact]
    public void Continuous_integration_updates_nothing()
    {
        var golden = _directory.Write("a.txt", "old\n");
        var environment = new Hashtable(Update) { ["CI"] = "true" };
        Assert.Throws<FalseException>(() => GoldenFile.AssertEqual(golden, "new\n", environment));
        Assert.Throws<FalseException>(() => GoldenFile.AssertEqual(golden, "old\n", environment));
        Assert.Equal("old\n", File.ReadAllText(golden));
    }
}
