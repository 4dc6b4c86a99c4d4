using Dataplane.Testing.Examples;

namespace Dataplane.Examples.Tests;

/// <summary>
/// What <c>dataplane validate</c> says of every <c>broken/NAME.yaml</c>, beside the example's pods, is kept as
/// <c>broken/NAME.txt</c>. See <see cref="GoldenFile"/>.
/// </summary>
public sealed class BrokenTests
{
    /// <summary>From examples: <c>NN-name/broken/NAME</c>.</summary>
    public static TheoryData<string> Broken =>
    [
        .. ExampleFolder.Names.Select(name => $"{name}/broken")
            .Where(folder => Directory.Exists(ExampleFolder.Full(folder)))
            .SelectMany(folder => Directory.GetFiles(ExampleFolder.Full(folder))
                .Select(file => $"{folder}/{Path.GetFileNameWithoutExtension(file)}"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Broken))]
    public void It_is_told_what_is_wrong(string broken)
    {
        var text = Validate(Path.GetDirectoryName(Path.GetDirectoryName(broken))!, broken + ".yaml");
        Assert.Contains(Path.GetFileName(broken) + ".yaml", text, StringComparison.Ordinal);
        GoldenFile.AssertEqual($"examples/{broken}.txt", text);
    }

    private static string Validate(string example, string broken)
    {
        var said = CommandLine.Run("validate", "-v", $"examples/{example}/manifests/pods.yaml", $"examples/{broken}");
        Assert.Equal("", said.Error);
        return said.Out;
    }
}
