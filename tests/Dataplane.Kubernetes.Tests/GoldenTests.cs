using System.Reflection;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>
/// Every code of loading has an example with the text it gives (Golden/CODE.yaml and .txt) and a section in docs/diagnostics.md.
/// UPDATE_GOLDEN=1 writes the texts anew.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> AllCodes() =>
        [.. typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Every_code_says_what_its_example_says(string code)
    {
        string text = code == Codes.TooLarge ? TooLarge() : Example(code);
        string golden = Path.Combine(Here, code + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, text);
        }
        Assert.Contains($"[{code}]", text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(golden), text);
    }

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Every_code_has_a_section(string code) =>
        Assert.Contains(File.ReadLines(Path.Combine(Root, "docs", "diagnostics.md")), line => line.StartsWith($"### {code} ", StringComparison.Ordinal));

    private static string Example(string code)
    {
        string example = Path.Combine(Here, code + ".yaml");
        Assert.True(File.Exists(example), $"{code} has no example");
        return DiagnosticRenderer.Render(ManifestLoader.LoadText(code + ".yaml", File.ReadAllText(example)));
    }

    /// <summary>An example of 64 MiB is made when it is needed.</summary>
    private static string TooLarge()
    {
        var directory = Directory.CreateTempSubdirectory();
        try
        {
            string file = Path.Combine(directory.FullName, "Y006.yaml");
            using (var stream = File.Create(file))
            {
                stream.SetLength(ManifestLoader.MaxFileBytes + 1);
            }
            return DiagnosticRenderer.Render(ManifestLoader.Load([file])).Replace(directory.FullName + "/", "", StringComparison.Ordinal);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static string Here => Path.Combine(Root, "tests", "Dataplane.Kubernetes.Tests", "Golden");

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "Dataplane.sln")))
            {
                directory = directory.Parent;
            }
            return directory.FullName;
        }
    }
}
