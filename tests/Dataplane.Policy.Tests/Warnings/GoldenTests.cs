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
        Assert.All(Compare(code), w => Assert.Equal((code, Severity.Warning), (w.Code, w.Severity)));
    }

    /// <summary>Relatives of the examples, CODE-what.yaml: other ways to the code, and what comes with it.</summary>
    public static TheoryData<string> Relatives() =>
        [.. Directory.EnumerateFiles(Here, "*-*.yaml").Select(f => Path.GetFileNameWithoutExtension(f))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Relatives))]
    public void Relatives_say_what_their_code_says(string name) =>
        Assert.Contains(Compare(name), w => w.Code == name[..name.IndexOf('-')]);

    private static IReadOnlyList<Diagnostic> Compare(string name)
    {
        var example = Path.Combine(Here, name + ".yaml");
        Assert.True(File.Exists(example), $"{name} has no example");
        var (loaded, warnings) = WarningsOf.Load(name + ".yaml", File.ReadAllText(example));
        var text = new StringBuilder()
            .AppendJoin('\n', warnings.Select(w => DiagnosticRenderer.Render(w, loaded.Sources)))
            .ToString();
        Assert.NotEmpty(warnings);
        GoldenFile.AssertEqual($"{Here}/{name}.txt", text);
        return warnings;
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_a_section(string code) => SourceTree.AssertDocumented(code);

    private static string Here => SourceTree.Full("tests/Dataplane.Policy.Tests/Warnings/Golden");
}
