using System.Reflection;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>
/// Every code of loading has an example with the text it gives (Golden/CODE.yaml and .txt) and a section in
/// docs/diagnostics.md. See <see cref="GoldenFile"/>.
/// </summary>
public sealed class GoldenTests
{
    public static TheoryData<string> AllCodes() =>
        [.. typeof(Codes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Every_code_says_what_its_example_says(string code)
    {
        var text = code switch
        {
            Codes.TooLarge => TooLarge(),
            Codes.MixedNamespaces => AsFile(code),
            Codes.OtherNamespace => OtherNamespace(),
            _ => Example(code),
        };
        Assert.Contains($"[{code}]", text, StringComparison.Ordinal);
        GoldenFile.AssertEqual($"{Here}/{code}.txt", text);
    }

    /// <summary>Relatives of the examples, CODE-what.yaml: other ways to the same code.</summary>
    public static TheoryData<string> Relatives() =>
        [.. Directory.EnumerateFiles(Here, "*-*.yaml").Select(f => Path.GetFileNameWithoutExtension(f))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Relatives))]
    public void Relatives_say_what_their_code_says(string name)
    {
        var text = Example(name);
        Assert.Contains($"[{name[..name.IndexOf('-')]}]", text, StringComparison.Ordinal);
        GoldenFile.AssertEqual($"{Here}/{name}.txt", text);
    }

    [Theory]
    [MemberData(nameof(AllCodes))]
    public void Every_code_has_a_section(string code) => SourceTree.AssertDocumented(code);

    private static string Example(string code)
    {
        var example = Path.Combine(Here, code + ".yaml");
        Assert.True(File.Exists(example), $"{code} has no example");
        return ManifestLoader.LoadText(code + ".yaml", File.ReadAllText(example)).Report();
    }

    /// <summary>An example that is a note about all files of a command line.</summary>
    private static string AsFile(string code) => ManifestLoader.Load([$"{Here}/{code}.yaml"]).Report()
        .Replace(Here + "/", "", StringComparison.Ordinal);

    /// <summary>An example that is applied with -n.</summary>
    private static string OtherNamespace()
    {
        var text = File.ReadAllText($"{Here}/{Codes.OtherNamespace}.yaml");
        var loaded = ManifestLoader.LoadText($"{Codes.OtherNamespace}.yaml", text);
        return (loaded with { Diagnostics = [.. NamespaceConflicts.Of(loaded, "prod")] }).Report();
    }

    /// <summary>An example of 64 MiB is made when it is needed.</summary>
    private static string TooLarge()
    {
        using var directory = new TempDirectory();
        using (var stream = File.Create(directory["Y006.yaml"]))
        {
            stream.SetLength(ManifestLoader.MaxFileBytes + 1);
        }
        return ManifestLoader.Load([directory["Y006.yaml"]]).Report()
            .Replace(directory.Path + "/", "", StringComparison.Ordinal);
    }

    private static string Here => SourceTree.Full("tests/Dataplane.Kubernetes.Tests/Golden");
}
