using System.Text;
using Dataplane.Kubernetes.Assertions;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>Files of Windows: byte order marks, carriage returns, UTF-16.</summary>
public sealed class ByteOrderMarkTests
{
    private const string Mark = "\ufeff";

    private static string Pod(string name) =>
        $"apiVersion: v1\r\nkind: Pod\r\nmetadata: {{name: {name}}}\r\nspec: {{containers: [{{name: c}}]}}\r\n";

    [Theory]
    [InlineData("concat.yaml", "w/a w/b")]
    [InlineData("crlf-only.yaml", "w/a")]
    [InlineData("first-bom-only.yaml", "w/a")]
    [InlineData("in.yaml", "w/a")]
    [InlineData("second.yaml", "w/b")]
    public void Marks_are_white_space(string file, string pods)
    {
        var path = FaultFile.Path($"windows/{file}");
        Assert.Equal(pods, string.Join(' ', ManifestLoader.Load([path]).Clean().Pods.Select(p => p.FullName)));
        // The same from standard input, whose reader may or may not have taken the first mark.
        var text = FaultFile.Text($"windows/{file}");
        foreach (var input in new[] { text, text.TrimStart('\ufeff') })
        {
            var loaded = ManifestLoader.Load(["-"], new StringReader(input));
            Assert.Equal(pods, string.Join(' ', loaded.Clean().Pods.Select(p => p.FullName)));
        }
    }

    [Theory]
    [InlineData($"{Mark}---\r\n", "---\r\n")]
    [InlineData("", $"---\r\n{Mark}")]
    [InlineData("", $"{Mark}---\r\n")]
    [InlineData("", $"---\r\n{Mark}# a comment\r\n{Mark}")]
    [InlineData("", $"...\r\n{Mark}---\r\n")]
    [InlineData($"# a comment\r\n{Mark}", $"--- # and another\r\n{Mark}{Mark}")]
    public void At_the_start_of_any_document(string before, string between)
    {
        var text = before + Pod("a") + between + Pod("b");
        Assert.Equal(["a", "b"], Given.Text(text).Clean().Pods.Select(p => p.Name));
    }

    [Fact]
    public void Columns_do_not_count_them()
    {
        var result = Given.Text($"{Mark}{Pod("a")}---\r\n{Mark}apiVersionn: v1\r\nkind: Pod\r\n");
        Assert.Equal(["K007@6:1"], result.Places());
    }

    [Fact]
    public void Within_a_line_they_are_text() =>
        Assert.Equal(Codes.InvalidLabel, Given.Labels($"a: x{Mark}y").Diagnostics[0].Code);

    [Fact]
    public void Documents_are_kept_without_them()
    {
        var documents = Given.Text($"{Mark}{Pod("a")}---\r\n{Mark}{Pod("b")}").Documents;
        Assert.All(documents, d => Assert.DoesNotContain(Mark, d.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void In_assertion_files()
    {
        var text = $"{Mark}expect:\r\n- {{from: x/a, to: x/b, want: allow}}\r\n";
        Assert.True(AssertionReader.Recognises(text));
        Assert.NotNull(AssertionReader.Read("expect.yaml", text, out var diagnostics));
        Assert.Empty(diagnostics);
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    public void Other_encodings_are_named(string encoding, bool marked)
    {
        using var directory = new TempDirectory();
        var other = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. marked ? other.GetPreamble() : [], .. other.GetBytes(Pod("a"))];
        File.WriteAllBytes(directory["a.yaml"], bytes);
        var found = ManifestLoader.Load([directory["a.yaml"]]).Only(Codes.NotText);
        Assert.Equal("this looks like UTF-16 or UTF-32: save it as UTF-8", found.Help);
    }

    [Fact]
    public void A_tab_in_front_of_a_comment_is_white_space() =>
        Given.Text("apiVersion: v1\r\nkind: Namespace\t# a kind\r\nmetadata:\t\r\n  name: a\t\r\n").Clean();
}
