using Dataplane.Planning;

namespace Dataplane.Cli.Tests;

public sealed class ValidateTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private string Typo() =>
        _cli.File("a.yaml", Cli.Policy.Replace("  ingress:", "  ingres:", StringComparison.Ordinal));

    /// <summary>An empty item of <c>from</c>-less rules: legal, and it means everything.</summary>
    private string Warned() => _cli.File("w.yaml", Cli.Policy.Replace(
        "    - from: [{ podSelector: { matchLabels: { app: client } } }]\n      ports: [{ port: 80 }]", "    - ",
        StringComparison.Ordinal));

    [Fact]
    public void Sound_manifests()
    {
        var outcome = _cli.Run("validate", _cli.Example());
        Assert.Equal((0, "", "2 files: no errors, 0 warnings; 1 namespace, 3 pods, 1 policy\n"),
            (outcome.Exit, outcome.Error, outcome.Out));
        Assert.Equal("{\n  \"diagnostics\": [],\n  \"errors\": 0,\n  \"warnings\": 0\n}\n",
            _cli.Run("validate", "-o", "json", _cli.Example()).Out);
    }

    [Fact]
    public void Table_shows_the_line()
    {
        var outcome = _cli.Run("validate", Typo());
        Assert.Equal((1, ""), (outcome.Exit, outcome.Error));
        Assert.StartsWith("error[K001]: unknown field `ingres` in `NetworkPolicy.spec`\n --> DIR/a.yaml:6:3\n  |\n"
            + "6 |   ingres:\n  |   ^^^^^^ did you mean `ingress`?\n", outcome.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n1 file: 1 error, 0 warnings\n", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_as_fixed()
    {
        var outcome = _cli.Run("validate", "-o", "json", Typo());
        Assert.Equal((1, ""), (outcome.Exit, outcome.Error));
        Assert.Equal((1, 0), (outcome.Json["errors"]!.GetValue<int>(), outcome.Json["warnings"]!.GetValue<int>()));
        var found = Assert.Single(outcome.Json["diagnostics"]!.AsArray())!;
        Assert.Equal("K001 error DIR/a.yaml:6:3",
            $"{found["code"]} {found["severity"]} {found["file"]}:{found["line"]}:{found["column"]}");
        Assert.Equal("unknown field `ingres` in `NetworkPolicy.spec`", found["message"]!.GetValue<string>());
        Assert.Contains("`ingress`", found["help"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("[{\"line\":6,\"column\":3,\"endLine\":6,\"endColumn\":9,\"text\":\"ingress\"}]",
            found["edits"]!.ToJsonString());
    }

    [Fact]
    public void Sarif_has_the_edit_that_the_help_describes()
    {
        var result = _cli.Run("validate", "-o", "sarif", Typo()).Json["runs"]![0]!["results"]![0]!;
        var change = Assert.Single(Assert.Single(result["fixes"]!.AsArray())!["artifactChanges"]!.AsArray())!;
        var replacement = Assert.Single(change["replacements"]!.AsArray())!;
        Assert.Equal("{\"startLine\":6,\"startColumn\":3,\"endLine\":6,\"endColumn\":9}",
            replacement["deletedRegion"]!.ToJsonString());
        Assert.Equal("ingress", replacement["insertedContent"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public void Github_annotations()
    {
        var outcome = _cli.Run("validate", "-o", "github", Typo());
        Assert.Equal(1, outcome.Exit);
        Assert.StartsWith("::error file=DIR/a.yaml,line=6,col=3,endColumn=9,title=K001::unknown field `ingres` in "
            + "`NetworkPolicy.spec`%0A", outcome.Out, StringComparison.Ordinal);
        Assert.Single(outcome.Out.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void Sarif()
    {
        var log = _cli.Run("validate", "-o", "sarif", Typo()).Json;
        Assert.Equal("2.1.0", log["version"]!.GetValue<string>());
        var run = log["runs"]![0]!;
        Assert.Equal("dataplane", run["tool"]!["driver"]!["name"]!.GetValue<string>());
        Assert.Equal("K001", run["tool"]!["driver"]!["rules"]![0]!["id"]!.GetValue<string>());
        var result = Assert.Single(run["results"]!.AsArray())!;
        Assert.Equal("K001 0 error", $"{result["ruleId"]} {result["ruleIndex"]} {result["level"]}");
        var place = result["locations"]![0]!["physicalLocation"]!;
        Assert.Equal("file://DIR/a.yaml", place["artifactLocation"]!["uri"]!.GetValue<string>());
        Assert.Equal("""{"startLine":6,"startColumn":3,"endColumn":9}""", place["region"]!.ToJsonString());
        Assert.Matches("^[0-9a-f]{16}$", result["partialFingerprints"]!["finding/v1"]!.GetValue<string>());
    }

    [Fact]
    public void Warnings_count_only_when_strict()
    {
        Assert.Equal(0, _cli.Run("validate", Warned()).Exit);
        var strict = _cli.Run("validate", "--strict", "-o", "json", Warned());
        Assert.Equal((1, 0, 1),
            (strict.Exit, strict.Json["errors"]!.GetValue<int>(), strict.Json["warnings"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("sarif")]
    [InlineData("github")]
    public void A_path_that_cannot_be_read(string format) =>
        _cli.Run("validate", "-o", format, "/no/such").ShouldFail(3, "dataplane: /no/such: no such file or directory");

    [Fact]
    public void Addresses_are_checked_too()
    {
        var outcome = _cli.Run("validate", "-o", "json", "--pod-cidr", "10.9.0.0/30", _cli.Example());
        Assert.Equal((1, "A001"), (outcome.Exit, outcome.Json["diagnostics"]![0]!["code"]!.GetValue<string>()));
    }

    [Fact]
    public void Every_code_of_addressing_has_a_section()
    {
        foreach (var code in typeof(AddressCodes).GetFields().Select(f => (string)f.GetRawConstantValue()!))
            SourceTree.AssertDocumented(code);
    }

    [Fact]
    public void Standard_input()
    {
        Assert.Equal(0, _cli.RunWithInput(Cli.Pods, "validate", "-").Exit);
        Assert.Contains("<stdin>:1:1", _cli.RunWithInput("", "validate", "-").Out, StringComparison.Ordinal);
    }

    /// <summary>A valid manifest with a peer that matches no pod.</summary>
    private string Doubtful()
    {
        var path = _cli.Example();
        _cli.File("policy.yaml", Cli.Policy.Replace("app: client", "app: Client", StringComparison.Ordinal));
        return path;
    }

    [Theory]
    [InlineData("table", "warning[S011]: ")]
    [InlineData("github", "::warning file=DIR/policy.yaml,line=7,")]
    [InlineData("json", "\"code\": \"S011\"")]
    [InlineData("sarif", "\"ruleId\": \"S011\"")]
    public void Semantic_warnings_in_every_format(string format, string expected)
    {
        var outcome = _cli.Run("validate", "-o", format, Doubtful());
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        Assert.Contains(expected, outcome.Out, StringComparison.Ordinal);
        Assert.Equal(1, _cli.Run("validate", "-o", format, "--strict", Doubtful()).Exit);
    }

    [Theory]
    [InlineData("S011")]
    [InlineData("s014,S011")]
    [InlineData("S014 --ignore S011")]
    public void Ignored_by_code(string codes)
    {
        var outcome = _cli.Run(["validate", "--strict", Doubtful(), "--ignore", .. codes.Split(' ')]);
        Assert.Equal((0, "2 files: no errors, 0 warnings; 1 namespace, 3 pods, 1 policy\n"),
            (outcome.Exit, outcome.Out));
        Assert.Equal(1, _cli.Run("validate", "--strict", Doubtful(), "--ignore", "S014").Exit);
    }

    [Theory]
    [InlineData("matrix -f")]
    [InlineData("why x/client x/web -f")]
    public void Other_commands_do_not_doubt(string line) =>
        Assert.Equal("", _cli.Run([.. line.Split(' '), Doubtful()]).Error);

    [Fact]
    public void Assertion_files_in_a_directory_are_no_manifests()
    {
        var path = _cli.Example();
        _cli.File("expect.yaml", "default: deny\n");
        _cli.File("more.expect.yaml", "default: deny\n");
        Assert.StartsWith("2 files: no errors", _cli.Run("validate", path).Out, StringComparison.Ordinal);
        Assert.Equal(1, _cli.Run("validate", _cli.File("expect.yaml", "default: deny\n")).Exit);
    }
}
