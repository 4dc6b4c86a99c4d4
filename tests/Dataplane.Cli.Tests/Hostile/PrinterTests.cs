using System.Text;
using Dataplane.Api;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests.Hostile;

/// <summary>What goes to standard output and error, and by which way.</summary>
public sealed class PrinterTests
{
    private const string Green = "\u001b[32mALLOWED\u001b[0m";

    private static readonly Ansi Colours = new(IsOn: true);

    [Fact]
    public void Our_colours_are_codes_and_the_same_codes_of_others_are_text() => Assert.Equal(
        $"{Green} \\u001b[32mALLOWED\\u001b[0m\n",
        Printed(p => p.WriteLine($"{Colours.Green("ALLOWED")} {Green}")));

    [Fact]
    public void Inside_a_colour_too() => Assert.Equal(
        "\u001b[31m\\u001b[0m\u001b[0m\n", Printed(p => p.WriteLine($"{Colours.Red("\u001b[0m")}")));

    [Fact]
    public void Our_lines_end_and_those_of_others_do_not() =>
        Assert.Equal("\nx a\\r\\nb\n", Printed(p => p.WriteLine($"\nx {"a\r\nb"}")));

    [Fact]
    public void A_line_is_one_line() => Assert.Equal("a\\nb\n", Printed(p => p.WriteLine(new string("a\nb"))));

    [Fact]
    public void A_text_has_lines() => Assert.Equal("a\n\tb\\r\\u0007\n", Printed(p => p.Write("a\n\tb\r\u0007\n")));

    [Fact]
    public void Columns_stand_by_cells() => Assert.Equal(
        "käse       1\n日本.yaml  2\ne\u0301!         3\n\\u202ex    4\n", Printed(p =>
        {
            var columns = new Columns();
            foreach (var (i, name) in ((string[])["käse", "日本.yaml", "e\u0301!", "\u202ex"]).Index())
                columns.Add(name, $"{i + 1}");
            columns.WriteTo(p);
        }));

    [Fact]
    public void Json_is_read_as_it_was_written()
    {
        var output = new MemoryStream();
        using (var shell = new Shell(output, TextWriter.Null, TextReader.Null))
        {
            shell.WriteJson(json =>
            {
                json.WriteStartArray();
                json.WriteStringValue(HostileText.Name);
                // Longer than the writer's buffer: a character may come in two parts.
                json.WriteStringValue(new string('日', 70_000) + "\udb40\udc41");
                json.WriteEndArray();
            });
        }
        var text = Encoding.UTF8.GetString(output.ToArray());
        Assert.Null(HostileText.FirstRaw(text));
        Assert.Contains("日日", text, StringComparison.Ordinal);
        var read = System.Text.Json.Nodes.JsonNode.Parse(text)!.AsArray();
        Assert.Equal(HostileText.Name, read[0]!.ToString());
        Assert.Equal(new string('日', 70_000) + "\udb40\udc41", read[1]!.ToString());
    }

    /// <summary>A file of objects may be applied again, so only a terminal is protected from it.</summary>
    [Theory]
    [InlineData(true, "# \\u202e\n")]
    [InlineData(false, "# \u202e\r\n")]
    public void Objects_stay_exact_where_nobody_looks(bool isTerminal, string expected)
    {
        using var cli = new Cli { OutIsTerminal = isTerminal };
        using var daemon = new CannedDaemon(cli.Socket).Says("GET /v1/objects", new ObjectsResponse(1,
            [new ObjectEntry("Pod", "x/a", "f", 1, "apply", "# \u202e\r\na: 1")]), ApiJson.Default.ObjectsResponse);
        Assert.Equal($"{expected}a: 1\n", cli.Run("get", "pods", "-A", "-o", "yaml").Out);
    }

    [Theory]
    [InlineData("x/a", "x/a")]
    [InlineData("x/{a=b,c=d}", "\"x/{a=b,c=d}\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("@x,\n", "\"'@x,\\n\"")]
    public void A_field_is_one_field_and_no_formula(string text, string field) => Assert.Equal(field, Csv.Field(text));

    [Theory]
    [InlineData("x/a", "`x/a`", "x/a")]
    [InlineData("a|b", "`a\\|b`", "a\\|b")]
    [InlineData("a`b``", "``` a`b`` ```", "a\\`b\\`\\`")]
    [InlineData("<img>\n", "`<img>\\n`", "\\<img>\\\\n")]
    public void Markdown_has_no_markup_of_others(string text, string code, string cell) =>
        Assert.Equal((code, cell), (Markdown.Code(text), Markdown.Cell(text)));

    private static string Printed(Action<Printer> print)
    {
        var written = new StringWriter { NewLine = "\n" };
        using var printer = new Printer(written);
        print(printer);
        return written.ToString();
    }
}
