using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Tests;

public sealed class YamlTests
{
    private const string Good = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n";

    [Fact]
    public void A_tab_is_found_where_it_stands()
    {
        var d = Given.Text("apiVersion: v1\nkind: Namespace\nmetadata:\n\tname: a\n").Only(Codes.TabIndentation);
        Assert.Equal((4, 1), (d.Position.Line, d.Position.Column));
    }

    [Fact]
    public void Tabs_inside_a_block_scalar_are_text()
        => Given.Text(Good + "  annotations:\n    script: |\n      if true; then\n      \techo hi\n      fi\n").Clean();

    [Fact]
    public void A_tab_in_a_block_scalar_is_not_blamed_for_another_fault()
        => Assert.Equal(Codes.Syntax, Given.Text("apiVersion: v1\nmetadata:\n  annotations:\n    s: |\n      a\n"
            + "      \tb\nkind: [unclosed\n").Diagnostics[0].Code);

    [Theory]
    [InlineData("- **- x: 1**", 1, 3)]
    [InlineData("a:\n  **- x:** 1", 2, 3)]
    [InlineData("a: **bold**", 1, 4)]
    [InlineData("a:\n- **b:\n    c: 1", 2, 3)]
    public void Markdown_emphasis_is_named(string text, int line, int column)
    {
        var d = Given.Text(text).Diagnostics.Single(d => d.Code == Codes.MarkdownEmphasis);
        Assert.Equal((line, column), (d.Position.Line, d.Position.Column));
    }

    [Fact]
    public void Behind_markdown_the_structural_faults_are_found_with_true_columns()
    {
        var result = Given.Text("""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: p
            spec:
              podSelector:
              matchLabels:
                app: web
              ingress:
              - from:
                **- podSelector:
                    matchLabels:
                      app: client**
                ports:
                **- protocol: tcp**
                    port: 80
            """);
        Assert.Equal(["K002@7:3", "Y002@11:5", "K005@15:19", "Y003@16:9"], result.Places());
        Assert.Equal("also in line 15", result.Diagnostics[1].Note);
    }

    [Fact]
    public void Stars_in_text_are_left_alone()
        => Given.Text(Good + "  annotations:\n    a: \"**bold**\"\n    b: a/**/b\n    c: |\n      **\n    # **\n")
            .Clean();

    [Fact]
    public void Two_errors_of_indentation_are_both_found_with_true_columns()
    {
        var result = Given.Text("""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: p
            spec:
              podSelector: {}
              ingress:
              - ports:
                - protocol: TCP
                    port: 3306x
                - protocol: UDP
                    port: 70000
            """);
        Assert.Equal(["Y003@10:9", "Y003@12:9", "K010@12:15"], result.Places());
        Assert.Equal(new SourcePosition(Given.File, 9, 7), result.Diagnostics[0].Related!.Value.Position);
    }

    [Fact]
    public void A_broken_document_does_not_hide_the_ones_around_it()
    {
        var result = Given.Text(Good
            + "---\nkind: [oops\n---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: B\n---\n}\n---\n"
            + Good.Replace("name: a", "name: c"));
        Assert.Equal(["Y004", "K004", "Y004"], result.Diagnostics.Select(d => d.Code));
        Assert.Equal(["a", "c"], result.Manifests.Namespaces.Select(n => n.Name));
        Assert.Equal(["Y004@7:1", "K004@11:9", "Y004@13:1"], result.Places());
    }

    [Fact]
    public void Duplicate_keys_name_both_places()
    {
        var d = Given.Text("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  name: b\n")
            .Only(Codes.DuplicateKey);
        Assert.Equal((5, 3), (d.Position.Line, d.Position.Column));
        Assert.Equal((4, 3), (d.Related!.Value.Position.Line, d.Related.Value.Position.Column));
    }

    [Fact]
    public void Duplicate_keys_are_found_in_large_mappings_too()
        => Given.Labels(string.Join('\n', Enumerable.Range(0, 40).Select(i => $"k{i}: v")) + "\nk7: w")
            .Only(Codes.DuplicateKey);

    [Theory]
    [InlineData("a\0b")]
    [InlineData("apiVersion: v1\nkind: \u001b[31m\n")]
    public void What_is_not_text_gets_one_error(string text) => Given.Text(text).Only(Codes.NotText);

    [Fact]
    public void Half_a_surrogate_pair_is_not_text() => Given.Text("x: \ud800\n").Only(Codes.NotText);

    [Theory]
    [InlineData(63, false)]
    [InlineData(64, true)]
    public void Depth_is_bounded(int levels, bool refused)
    {
        var result = Given.Text(new string('[', levels) + "x" + new string(']', levels));
        Assert.Equal(refused, result.Diagnostics[0].Code == Codes.TooDeep);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("- ")]
    [InlineData("{a: ")]
    [InlineData("? ")]
    public void Endless_nesting_is_refused_without_overflow(string unit)
        => Assert.Contains(Given.Text(string.Concat(Enumerable.Repeat(unit, 200_000))).Diagnostics,
            d => d.Code is Codes.TooDeep or Codes.Syntax);

    [Fact]
    public void An_alias_bomb_is_refused()
    {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
            + string.Concat(Enumerable.Range(1, 30)
                .Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));
        Given.Text(text).Only(Codes.Alias);
    }

    [Fact]
    public void Depth_counts_expanded_aliases()
        => Given.Text("a0: &a0 [x]\n"
            + string.Concat(Enumerable.Range(1, 70).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n"))).Only(Codes.TooDeep);

    [Theory]
    [InlineData("a: &x [*x]")]
    [InlineData("a: *nowhere")]
    public void Bad_aliases_are_errors(string text) => Given.Text(text).Only(Codes.Alias);

    [Fact]
    public void Harmless_aliases_and_merge_keys_work()
    {
        var pod = Given.Text("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  labels: &l {app: web}\n"
            + "  annotations:\n    <<: *l\nspec:\n  containers: [{name: c}]\n").Pod();
        Assert.Equal("web", pod.Labels["app"]);
    }

    [Theory]
    [InlineData("{{ .Values.x }}: 1")]
    [InlineData("? [a]\n: 1")]
    public void A_key_must_be_a_word(string text) =>
        Assert.Contains(Given.Text(text).Diagnostics, d => d.Code == Codes.KeyNotScalar);

    [Fact]
    public void Tags_are_refused_except_the_standard_ones()
    {
        Given.Labels("a: !!binary aGk=").Only(Codes.UnsupportedTag);
        Assert.Equal("1", Given.Labels("a: !!str 1").Clean().Namespaces[0].Labels["a"]);
    }

    [Fact]
    public void Json_with_tabs_and_escapes_loads()
    {
        var pod = Given.Text("{\n\t\"apiVersion\":\"v1\",\"kind\":\"Pod\",\n"
            + "\t\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"\\u0061\"},\"annotations\":{\"e\":\"\\ud83d\\ude00 "
            + "\\/\"}},\"spec\":{\"containers\":[{\"name\":\"c\"}]}}").Pod();
        Assert.Equal("a", pod.Labels["x"]);
    }

    [Fact]
    public void Carriage_returns_and_missing_final_newline_are_fine() =>
        Given.Text(Good.Replace("\n", "\r\n").TrimEnd()).Clean();

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n---\n...\n")]
    public void An_empty_text_is_one_error(string text)
        => Assert.Equal("no Kubernetes objects in m.yaml", Given.Text(text).Only(Codes.NoObjects).Message);
}
