using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Tests;

public sealed class RendererTests
{
    private static string Rendered(string text) => Given.Text(text).Report();

    [Fact]
    public void An_error_with_everything() => Assert.Equal("""
        error[K001]: unknown field `engress` in `NetworkPolicy.spec`
         --> m.yaml:7:3
          |
        7 |   engress:
          |   ^^^^^^^ did you mean `egress`?
          = note: `policyTypes` lists Egress, so with this key ignored the selected pods could send NOTHING (DNS included)
          = help: rename `engress` to `egress`

        """.Replace("\r", ""), Given.PolicySpec("policyTypes: [Egress]\nengress:\n- {}").Report());

    [Fact]
    public void A_second_place_is_shown_above() => Assert.Equal("""
        error[Y009]: `name` is given twice in one mapping
         --> m.yaml:10:3
           |
         4 |   name: a
           |   ---- first here
        ...
        10 |   name: b
           |   ^^^^ again here; first in line 4, column 3
           = note: other tools silently keep only one of the two
           = help: keep one, or merge what is under them

        """.Replace(" --> m", "  --> m"), Rendered("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n"
            + "    a: b\n    b: b\n    c: b\n    d: b\n  name: b\n"));

    [Fact]
    public void A_tab_is_visible()
        => Assert.Contains("2 | →   name: a\n  | ^^^^ YAML indents", Rendered("metadata:\n\tname: a"));

    [Fact]
    public void Control_characters_never_reach_the_terminal()
    {
        var text = Rendered("a: \u001b[31mred\u0007\n");
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        text = Rendered("{apiVersion: v1, kind: \"Po\\e[31md\\n\", metadata: {name: a}}");
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void Long_lines_are_cut_around_the_caret()
    {
        var text = Rendered("{apiVersion: v1, kind: Namespace, metadata: {annotations: {a: '" + new string('x', 5000)
            + "'}, name: B, labels: {}}}" + new string(' ', 500) + "# end");
        Assert.All(text.Split('\n'), l => Assert.True(l.Length < 200));
        var lines = text.Split('\n');
        var caret = lines[4].IndexOf('^');
        Assert.Equal('B', lines[3][caret]);
    }

    [Fact]
    public void Without_the_source_the_place_alone_is_shown()
        => Assert.Equal("error[K018]: no\n --> x:1:1\n", DiagnosticRenderer.Render(
            new Diagnostic(Codes.NoObjects, Severity.Error, "no", new SourcePosition("x", 1, 1)),
            new Dictionary<string, SourceText>()));

    [Fact]
    public void Findings_come_in_the_order_of_the_file()
    {
        var lines = Given.IngressRule("ports:\n- port: 0\n- protocol: tcp\nfrom:\n- {}").Diagnostics.Select(d =>
            d.Position.Line).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Equal(lines.Order(), lines);
    }
}
