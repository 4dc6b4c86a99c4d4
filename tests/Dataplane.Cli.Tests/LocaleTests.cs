using System.Collections;
using System.Text;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests;

/// <summary>
/// Where the locale has no UTF-8, everything that is printed for people is ASCII, and columns stay where they are.
/// </summary>
public sealed class LocaleTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("LC_ALL=C", false)]
    [InlineData("LC_ALL=POSIX LANG=C.UTF-8", false)]
    [InlineData("LC_ALL= LC_CTYPE=C LANG=en_US.UTF-8", false)]
    [InlineData("LANG=de_DE.ISO-8859-1", false)]
    [InlineData("LANG=C.utf8", true)]
    [InlineData("LC_ALL=en_US.UTF-8 LANG=C", true)]
    [InlineData("LC_MESSAGES=C", true)]
    public void The_locale_decides(string variables, bool isUtf8)
    {
        var environment = new Hashtable();
        foreach (var variable in variables.Split(' ')) environment[variable.Split('=')[0]] = variable.Split('=')[1];
        Assert.Equal(isUtf8 ? "→ ✓" : "> +", Encoding.UTF8.GetString(TerminalText.Of(environment).GetBytes("→ ✓")));
    }

    [Theory]
    [InlineData("matrix -f DIR")]
    [InlineData("matrix -f DIR -f REPLICAS")]
    [InlineData("why x/other x/web -f DIR --port tcp/80")]
    [InlineData("diff -f DIR --against DIR/pods.yaml")]
    [InlineData("validate DIR")]
    public void Tables_are_ascii_and_as_wide_as_before(string line)
    {
        var directory = _cli.Example();
        var replicas = _cli.File("replicas.yaml", Shop.Workload("web", 3, 80));
        string[] words =
        [
            .. line.Split(' ').Select(w => w.Replace("DIR", directory, StringComparison.Ordinal)
                .Replace("REPLICAS", replicas, StringComparison.Ordinal)),
        ];
        var utf8 = Output(TerminalText.Utf8, words);
        var ascii = Output(TerminalText.Of(new Hashtable { ["LC_ALL"] = "C" }), words);
        Assert.True(ascii.All(char.IsAscii), ascii);
        Assert.Equal(utf8.Split('\n').Select(l => l.Length), ascii.Split('\n').Select(l => l.Length));
        Assert.DoesNotContain('?', ascii);
    }

    /// <summary>It may be read back: a name that is no ASCII is not ours to change.</summary>
    [Fact]
    public void Data_stays_as_it_is()
    {
        _cli.File("ä→.yaml", Cli.Pods);
        var said =
            Output(TerminalText.Of(new Hashtable { ["LC_ALL"] = "C" }), "matrix", "-f", _cli.Example(), "-o", "csv");
        Assert.Equal(said, Output(TerminalText.Utf8, "matrix", "-f", _cli.Example(), "-o", "csv"));
    }

    private static string Output(Encoding encoding, params string[] words)
    {
        var output = new MemoryStream();
        using (var shell = new Shell(output, TextWriter.Null, TextReader.Null, encoding)) App.Run(words, shell);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
