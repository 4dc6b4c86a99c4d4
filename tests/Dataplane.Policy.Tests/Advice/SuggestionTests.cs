using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Policy.Tests.Warnings;
using Dataplane.Policy.Warnings;

namespace Dataplane.Policy.Tests.Advice;

/// <summary>
/// Advice is followed to the letter: the edit beside every help text is applied to the example, and the result is
/// loaded. It must be valid, the finding must be gone, and what it then means stands in Fixed/NAME.txt, which a
/// reviewer has compared with the words of the help. Codes and help texts without an exact edit are in
/// <see cref="WithoutEdit"/>.
/// </summary>
public sealed class SuggestionTests
{
    private static readonly string[] Folders =
        ["tests/Dataplane.Kubernetes.Tests/Golden", "tests/Dataplane.Policy.Tests/Warnings/Golden"];

    public static TheoryData<string> Examples() => [.. Names()];

    public static TheoryData<string> Codes() => [.. AllCodes()];

    /// <summary>Each edit alone: its finding is gone, and nothing else has become an error.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public void Each_edit_ends_its_finding(string name) => Follow(name, Text(name));

    [Theory]
    [MemberData(nameof(Examples))]
    public void With_the_line_ends_of_another_system_too(string name) =>
        Follow(name, Text(name).Replace("\n", "\r\n", StringComparison.Ordinal));

    private static void Follow(string name, string text)
    {
        var before = Findings(name, text);
        foreach (var finding in before.Where(d => d.Fix is not null))
        {
            var edited = Edited.Text(text, finding.Fix!);
            var after = Findings(name, edited);
            Assert.True(after.Count(d => Same(d, finding)) < before.Count(d => Same(d, finding)),
                $"{finding.Code} at {finding.Position} is still there:\n{edited}");
            var led = after.Where(d => d.Severity == Severity.Error && !before.Any(b => Same(b, d))).ToList();
            Assert.True(led.Count == 0,
                $"{finding.Code} at {finding.Position} led to {led.FirstOrDefault()?.Message}:\n{edited}");
        }
    }

    /// <summary>
    /// One edit after the other, of errors, or else of warnings, as a user would who runs the program again after each:
    /// the result is valid, and what it means is known.
    /// </summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public void What_all_edits_together_mean_is_known(string name)
    {
        var start = Findings(name, Text(name));
        var errorsOnly = start.Any(d => d.Severity == Severity.Error);
        var (edited, done) = (Text(name), new List<Diagnostic>());
        while (Findings(name, edited).FirstOrDefault(d => d.Fix is not null
            && (!errorsOnly || d.Severity == Severity.Error)
            && !done.Exists(o => Same(o, d) && o.Position == d.Position)) is { } next)
        {
            done.Add(next);
            edited = Edited.Text(edited, next.Fix!);
            Assert.True(done.Count < 100, $"no end of edits:\n{edited}");
        }
        if (done.Count == 0)
        {
            return;
        }
        var loaded = ManifestLoader.LoadText(name + ".yaml", edited);
        Assert.True(!loaded.HasErrors || start.Any(d => d.Severity == Severity.Error && d.Fix is null),
            $"not valid:\n{edited}\n{loaded.Report()}");
        GoldenFile.AssertEqual(SourceTree.Full($"tests/Dataplane.Policy.Tests/Advice/Fixed/{name}.txt"),
            edited.TrimEnd('\n') + (loaded.HasErrors ? "\n=== some errors have no edit\n"
                : $"\n=== means\n{Meaning.Of(loaded.Manifests)}"));
    }

    /// <summary>Help either carries an edit, or is listed with the reason.</summary>
    [Theory]
    [MemberData(nameof(Examples))]
    public void Help_without_an_edit_has_a_reason(string name) =>
        Assert.All(Findings(name, Text(name)).Where(d => d.Help is not null && d.Fix is null), finding =>
            Assert.True(WithoutEdit.Reasons.ContainsKey(finding.Code) || WithoutEdit.Reasons.ContainsKey(Key(finding)),
                $"\"{Key(finding)}\" in {name} has neither an edit nor a reason"));

    /// <summary>A new code must choose: an example with an edit, or a reason.</summary>
    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_an_edit_or_a_reason(string code)
    {
        var edits = Names().Where(e => e.StartsWith(code, StringComparison.Ordinal))
            .SelectMany(e => Findings(e, Text(e))).Any(d => d.Code == code && d.Fix is not null);
        Assert.True(edits != WithoutEdit.Reasons.ContainsKey(code),
            $"{code} {(edits ? "has an edit, and a reason to have none" : "has neither an edit nor a reason")}");
    }

    [Fact]
    public void Reasons_are_about_findings_that_exist()
    {
        var known = Names().SelectMany(e => Findings(e, Text(e))).Where(d => d.Fix is null).Select(Key)
            .Concat(AllCodes()).ToHashSet();
        Assert.All(WithoutEdit.Reasons.Keys, key => Assert.Contains(key, known));
    }

    /// <summary>Warnings whose help states what is there ("if that is meant") do not change what it means.</summary>
    [Theory]
    [InlineData("K023"), InlineData("K023-more"), InlineData("K030"), InlineData("S021"), InlineData("S022-stated")]
    public void What_is_stated_is_what_was_meant_before(string name)
    {
        var meant = Meaning.Of(ManifestLoader.LoadText("a", Text(name)).Manifests);
        foreach (var fix in Findings(name, Text(name)).Select(d => d.Fix).OfType<Fix>())
        {
            Assert.Equal(meant, Meaning.Of(ManifestLoader.LoadText("b", Edited.Text(Text(name), fix)).Manifests));
        }
    }

    /// <summary>All codes, from the headings of the documentation, which other tests hold to the program.</summary>
    private static List<string> AllCodes() => [.. File.ReadLines(SourceTree.Full("docs/diagnostics.md"))
        .Where(l => l.StartsWith("### ", StringComparison.Ordinal)).Select(l => l.Split(' ')[1])];

    private static IEnumerable<string> Names() => Folders.Select(SourceTree.Full)
        .SelectMany(f => Directory.EnumerateFiles(f, "*.yaml"))
        .Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);

    private static string Text(string name) =>
        File.ReadAllText(Folders.Select(f => $"{SourceTree.Full(f)}/{name}.yaml").First(File.Exists));

    private static IReadOnlyList<Diagnostic> Findings(string name, string text)
    {
        var loaded = ManifestLoader.LoadText(name + ".yaml", text);
        return loaded.HasErrors ? loaded.Diagnostics : [.. loaded.Diagnostics,
            .. SemanticWarnings.Find(WarningsOf.ClusterOf(loaded.Manifests), loaded.Sources)];
    }

    private static string Key(Diagnostic finding) => $"{finding.Code}: {finding.Help}";

    /// <summary>An edit moves what stands behind it, so findings are told by what they say.</summary>
    private static bool Same(Diagnostic one, Diagnostic other) =>
        (one.Code, one.Message) == (other.Code, other.Message);
}
