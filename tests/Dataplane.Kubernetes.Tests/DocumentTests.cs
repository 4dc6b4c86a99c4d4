using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Documents keep what was written and where: from them alone everything can be loaded once more.</summary>
public sealed class DocumentTests
{
    private const string A = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c}]}\n";
    private static readonly string B = A.Replace("name: a", "name: b", StringComparison.Ordinal);

    public static TheoryData<string, int> Texts => new()
    {
        { A, 1 },
        { A.TrimEnd('\n'), 1 },
        { $"# one\n{A}---\n# two\n{B}", 2 },
        { $"---\n{A}--- # behind\n{B}---\n", 2 },
        { $"# nothing\n---\n---\n# nothing\n---\n{A}", 1 },
        { $"{A}...\n# bare\n{B}", 2 },
        { $"{A}...\n%YAML 1.2\n---\n{B}", 2 },
        { $"%YAML 1.1\n---\n{A}", 1 },
        { "--- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c}]}}\n---\n" + B, 2 },
        { (A + "---\n" + B).Replace("\n", "\r\n", StringComparison.Ordinal), 2 },
        { A + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n---\n" + B, 2 },
        { $"apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: "
            + $"{{containers: [{{name: c}}]}}}}\n---\n{B}", 2 },
        { "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2, selector: {matchLabels: "
            + "{app: w}}, template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c}]}}}\n", 1 },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_document_loads_again_as_it_was(string text, int count)
    {
        var loaded = ManifestLoader.LoadText("f.yaml", text);
        Assert.Equal(count, loaded.Documents.Count);
        foreach (var document in loaded.Documents)
        {
            var again = Assert.Single(
                ManifestLoader.LoadTexts([new SourceText(document.File, document.Text, document.FirstLine)]).Documents);
            Assert.Equal((document.Text, document.FirstLine), (again.Text, again.FirstLine));
            Assert.Equal(Places(document.Objects), Places(again.Objects));
        }
    }

    /// <summary>Three dots say nothing, and keep documents from being read each for itself.</summary>
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void Documents_that_are_read_apart_are_those_that_are_read_in_turn(int seed)
    {
        var random = new System.Random(seed);
        for (var i = 0; i < 200; i++)
        {
            // Sometimes enough documents to be read in parallel.
            var text = string.Concat(Enumerable.Range(0, random.Next(4) == 0 ? random.Next(60, 200) : random.Next(6))
                .Select(n => random.Next(10) switch
                {
                    0 => "---\n",
                    1 => "---  # behind\n",
                    2 => "# a comment\n\n",
                    3 => "---\nkind: Pod\napiVersion: v1\nmetadata: {name: \"a\n  b\"}\n",
                    4 => "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  text: |\n"
                        + "    --- no marker\n",
                    _ => $"---\n{A}".Replace("name: a", $"name: a{n}", StringComparison.Ordinal),
                }));
            if (random.Next(20) == 0) text += "---\nkind: [}\n";
            if (random.Next(3) == 0) text = text.TrimEnd('\n');
            if (random.Next(5) == 0) text = text.Replace("\n", "\r\n", StringComparison.Ordinal);
            var (apart, inTurn) =
                (ManifestLoader.LoadText("f.yaml", text), ManifestLoader.LoadText("f.yaml", text + "\n...\n"));
            Assert.Equal(inTurn.Diagnostics, apart.Diagnostics);
            Assert.Equal(inTurn.Documents.Select(d => (d.FirstLine, d.Text.TrimEnd(), Places(d.Objects))),
                apart.Documents.Select(d => (d.FirstLine, d.Text.TrimEnd(), Places(d.Objects))));
            Assert.Equal(Places(inTurn.Manifests.Pods), Places(apart.Manifests.Pods));
            Assert.All(inTurn.Documents, d => Assert.False(d.IsReadAlone));
            Assert.All(apart.Documents, d => Assert.Equal(!apart.HasErrors
                || apart.Diagnostics.All(e => e.Code == Codes.DuplicateObject || e.Severity != Severity.Error),
                d.IsReadAlone));
        }
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void The_objects_of_all_documents_are_the_whole(string text, int count)
    {
        var loaded = ManifestLoader.LoadText("f.yaml", text);
        Assert.Equal(count, loaded.Documents.Count);
        var combined = ManifestLoader.Combine(loaded.Documents.SelectMany(d => d.Objects));
        Assert.Equal(Places(loaded.Manifests.Pods), Places(combined.Manifests.Pods));
        Assert.Equal(Places(loaded.Manifests.Namespaces), Places(combined.Manifests.Namespaces));
    }

    [Fact]
    public void Combining_finds_what_does_not_go_together()
    {
        var (first, second) = (ManifestLoader.LoadText("1.yaml", A), ManifestLoader.LoadText("2.yaml", A));
        var both = ManifestLoader.Combine(first.Documents.Concat(second.Documents).SelectMany(d => d.Objects));
        Assert.Equal("2.yaml:1:1",
            Assert.Single(both.Diagnostics, d => d.Severity == Severity.Error).Position.ToString());
    }

    [Fact]
    public void Lines_count_from_where_the_text_begins()
    {
        var loaded = ManifestLoader.LoadTexts([new SourceText("f.yaml", A, 40),
            new SourceText("f.yaml", B.Replace("containers", "contaners", StringComparison.Ordinal), 100)]);
        Assert.Equal(40, Assert.Single(loaded.Documents.SelectMany(d => d.Objects), o => o.Name == "a").Position.Line);
        Assert.All(loaded.Diagnostics, d => Assert.Equal(103, d.Position.Line));
        Assert.Contains("103 | spec: {contaners:", loaded.Report(), StringComparison.Ordinal);
        Assert.StartsWith("apiVersion", loaded.Sources["f.yaml"].Line(40).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [", 51)]
    [InlineData("\tkind: Pod", 50)]
    [InlineData("ok: 1\n---\nkind: \u0007", 52)]
    [InlineData("kind: Pod\n  metadata: {}", 51)]
    public void Faults_of_syntax_count_likewise(string text, int line) =>
        Assert.Contains(ManifestLoader.LoadTexts([new SourceText("f.yaml", text, 50)]).Diagnostics,
            d => d.Severity == Severity.Error && d.Position.Line == line);

    [Fact]
    public void A_pod_can_name_the_namespace_it_is_to_have()
    {
        var pod = A.Replace("{name: a}", "{name: a, annotations: {dataplane/netns: mine}}", StringComparison.Ordinal);
        Assert.Equal("mine", Assert.Single(ManifestLoader.LoadText("f.yaml", pod).Manifests.Pods).NetnsName);
        Assert.Null(Assert.Single(ManifestLoader.LoadText("f.yaml", A).Manifests.Pods).NetnsName);
        foreach (var wrong in new[] { "../x", "\".\"", "\"\"", "a/b", "\"..\"" })
        {
            Assert.True(
                ManifestLoader.LoadText("f.yaml", pod.Replace("mine", wrong, StringComparison.Ordinal)).HasErrors,
                wrong);
        }
        Assert.True(ManifestLoader.LoadText("f.yaml", pod.Replace("spec: {", "spec: {hostNetwork: true, ",
            StringComparison.Ordinal)).HasErrors);
        Assert.True(ManifestLoader.LoadText("f.yaml", pod
            + "---\n"
            + pod.Replace("name: a,", "name: b,", StringComparison.Ordinal)).HasErrors);
    }

    private static IEnumerable<string> Places(IEnumerable<KubernetesObject> objects) =>
        objects.Select(o => $"{o.Kind} {o.FullName} {o.Position}");
}
