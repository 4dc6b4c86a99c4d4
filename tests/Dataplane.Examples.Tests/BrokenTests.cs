namespace Dataplane.Examples.Tests;

/// <summary>
/// What <c>dataplane validate</c> says of every <c>broken/NAME.yaml</c>, beside the example's pods, is kept as
/// <c>broken/NAME.txt</c>. UPDATE_GOLDEN=1 writes the texts anew.
/// </summary>
public sealed class BrokenTests
{
    /// <summary>From examples: <c>NN-name/broken/NAME</c>.</summary>
    public static TheoryData<string> Broken =>
    [
        .. ExampleFolder.Names.Select(name => $"{name}/broken").Where(folder => Directory.Exists(ExampleFolder.Full(folder)))
            .SelectMany(folder => Directory.GetFiles(ExampleFolder.Full(folder)).Select(file => $"{folder}/{Path.GetFileNameWithoutExtension(file)}"))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Broken))]
    public void It_is_told_what_is_wrong(string broken)
    {
        var golden = ExampleFolder.Full(broken + ".txt");
        var text = Validate(Path.GetDirectoryName(Path.GetDirectoryName(broken))!, broken + ".yaml");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, text);
        }
        Assert.Contains(Path.GetFileName(broken) + ".yaml", text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(golden), text);
    }

    private static string Validate(string example, string broken)
    {
        var said = CommandLine.Run("validate", $"examples/{example}/manifests/pods.yaml", $"examples/{broken}");
        Assert.Equal("", said.Error);
        return said.Out;
    }
}
