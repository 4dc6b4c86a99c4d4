using System.Reflection;
using System.Text;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Policy.Warnings;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>
/// Every code of a semantic warning has an example with the text it gives (Golden/CODE.yaml and .txt) and a section in
/// docs/diagnostics.md. UPDATE_GOLDEN=1 writes the texts anew.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Codes() =>
        [.. typeof(SemanticCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_says_what_its_example_says(string code)
    {
        string example = Path.Combine(Here, code + ".yaml"), golden = Path.Combine(Here, code + ".txt");
        Assert.True(File.Exists(example), $"{code} has no example");
        var (loaded, warnings) = WarningsOf.Load(code + ".yaml", File.ReadAllText(example));
        var text = new StringBuilder().AppendJoin('\n', warnings.Select(w => DiagnosticRenderer.Render(w, loaded.Sources))).ToString();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(golden, text);
        }
        Assert.All(warnings, w => Assert.Equal((code, Severity.Warning), (w.Code, w.Severity)));
        Assert.NotEmpty(warnings);
        Assert.Equal(File.ReadAllText(golden), text);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_a_section(string code) =>
        Assert.Contains(File.ReadLines(Path.Combine(Root, "docs", "diagnostics.md")), line => line.StartsWith($"### {code} ", StringComparison.Ordinal));

    private static string Here => Path.Combine(Root, "tests", "Dataplane.Policy.Tests", "Warnings", "Golden");

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
