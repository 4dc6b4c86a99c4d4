using System.Reflection;
using System.Text;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Policy.Warnings;

namespace Dataplane.Policy.Tests.Warnings;

/// <summary>
/// Every code of a semantic warning has an example with the text it gives (Golden/CODE.yaml and .txt) and a section in
/// docs/diagnostics.md. See <see cref="GoldenFile"/>.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Codes() =>
        [.. typeof(SemanticCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_says_what_its_example_says(string code)
    {
        var example = Path.Combine(Here, code + ".yaml");
        Assert.True(File.Exists(example), $"{code} has no example");
        var (loaded, warnings) = WarningsOf.Load(code + ".yaml", File.ReadAllText(example));
        var text = new StringBuilder()
            .AppendJoin('\n', warnings.Select(w => DiagnosticRenderer.Render(w, loaded.Sources)))
            .ToString();
        Assert.All(warnings, w => Assert.Equal((code, Severity.Warning), (w.Code, w.Severity)));
        Assert.NotEmpty(warnings);
        GoldenFile.AssertEqual($"{Here}/{code}.txt", text);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_a_section(string code) => SourceTree.AssertDocumented(code);

    private static string Here => SourceTree.Full("tests/Dataplane.Policy.Tests/Warnings/Golden");
}
