namespace Dataplane.Cli.Tests;

/// <summary>A repository's root on the command line: what is not read, what is left out, and what stays.</summary>
public sealed class RepositoryTests : IDisposable
{
    private const string Foreign = "---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: f }\n";

    /// <summary>A namespace with an error, which cannot be what a selector of pods means.</summary>
    private const string Broken = "---\napiVersion: v1\nkind: Namespace\nmetadata: { name: UPPER }\n";

    /// <summary>A policy that selects no pod.</summary>
    private const string Idle = """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: idle, namespace: x }
        spec: { podSelector: { matchLabels: { app: nobody } } }

        """;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private string Root(string more = "")
    {
        var file = _cli.File("a.yaml", Cli.Pods + "---\n" + Cli.Policy + more);
        _cli.File("values.yaml", "replicas: 1\n");
        _cli.File("package.json", "{\"name\": \"x\"}");
        return Path.GetDirectoryName(file)!;
    }

    [Theory]
    [InlineData("validate")]
    [InlineData("matrix")]
    public void Files_of_other_programs_are_a_line_each_and_the_rest_is_read(string command)
    {
        var outcome = _cli.Run(command, Root());
        Assert.Equal(0, outcome.Exit);
        var said = outcome.Out + outcome.Error;
        Assert.Contains("note[K042]: values for a Helm chart, not read: `helm template CHART -f DIR/values.yaml "
            + "| dataplane validate -`  (DIR/values.yaml:1)\n", said, StringComparison.Ordinal);
        Assert.Contains("note[K042]: an npm package, not read  (DIR/package.json:1)\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("error[", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("values.yaml", "package.json")]
    [InlineData("v*.yaml", "*.json")]
    [InlineData("**/values.yaml", "./package.json")]
    public void Patterns_pass_over_files(params string[] patterns)
    {
        var outcome = _cli.Run(["validate", Root(), .. patterns.SelectMany(p => new[] { "--exclude", p })]);
        Assert.Equal(0, outcome.Exit);
        Assert.Equal("1 file: no errors, 0 warnings; 1 namespace, 3 pods, 1 policy\n", outcome.Out);
    }

    [Theory]
    [InlineData("matrix")]
    [InlineData("why", "x/web", "x/client")]
    [InlineData("diff", "--against", "DIR/a.yaml")]
    public void Every_command_that_reads_manifests_takes_patterns(params string[] words)
    {
        var directory = Root();
        _cli.File("broken.yaml", "apiVersion: v1\nkind: Pod\n");
        words = [.. words.Select(w => w.Replace("DIR", directory, StringComparison.Ordinal))];
        Assert.Equal(3, _cli.Run([.. words, "-f", directory]).Exit);
        Assert.Equal(0, _cli.Run([.. words, "-f", directory, "--exclude", "broken.*"]).Exit);
    }

    [Fact]
    public void What_is_all_passed_over_is_an_error()
    {
        var file = _cli.File("a.yaml", Cli.Pods);
        Assert.Equal(1, _cli.Run("validate", file, "--exclude", "*.yaml").Exit);
    }

    [Fact]
    public void A_policy_that_is_not_understood_is_left_out_when_asked_for()
    {
        var file = _cli.File("a.yaml", Cli.Pods + Foreign);
        Assert.Equal(1, _cli.Run("validate", file).Exit);
        var asked = _cli.Run("validate", "--ignore", "K019", file);
        Assert.Equal(0, asked.Exit);
        Assert.Contains("note[K020]: `CiliumNetworkPolicy` of `cilium.io/v2` is left out, as asked for  "
            + "(DIR/a.yaml:17)\n", asked.Out, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("matrix", "--ignore", "K019", "-f", file).Exit);
    }

    [Fact]
    public void A_broken_object_does_not_hide_the_warnings_about_the_others()
    {
        var outcome = _cli.Run("validate", _cli.File("b.yaml", Cli.Pods + Idle + Broken));
        Assert.Equal(1, outcome.Exit);
        Assert.Contains("error[K004]", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("warning[S015]", outcome.Out, StringComparison.Ordinal);
        // Values make pods that are not seen: one of them may be meant.
        Assert.DoesNotContain("warning[S015]", _cli.Run("validate", Root(Idle + Broken)).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Unless_the_broken_object_could_be_what_is_missing() => Assert.DoesNotContain("S015",
        _cli.Run("validate", _cli.File("b.yaml", Cli.Pods + Idle
            + "---\napiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: x }\nspec: { containers: [] }\n")).Out,
        StringComparison.Ordinal);

    [Fact]
    public void Objects_that_may_make_pods_are_in_the_summary()
    {
        const string widget = "---\napiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w, namespace: x }\n";
        const string machine = "---\napiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: { name: v }\n";
        var outcome = _cli.Run("validate", _cli.File("a.yaml", Cli.Pods + widget + widget + machine));
        Assert.Equal("may make pods: 2 Widget (-v shows each)\n", outcome.Error);
        Assert.Contains("note[K041]: `VirtualMachine` of", outcome.Out, StringComparison.Ordinal);
    }
}
