using System.CommandLine;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests.Hostile;

/// <summary>
/// Every command with names of files, objects, arguments and answers that others wrote to fool the reader: nothing of
/// it reaches a terminal as it is. A command that is not in the table makes a test fail.
/// </summary>
public sealed class HostileTextTests : IDisposable
{
    /// <summary>
    /// Command lines, by command. GOOD is a directory with good manifests in a file with a hostile name, BAD one with
    /// manifests that are refused, EXPECT a file of assertions that do not hold, BINARY a file that is no manifest,
    /// HOSTILE the text itself. What asks a daemon gets hostile answers.
    /// </summary>
    private static readonly Dictionary<string, string[]> Lines = new()
    {
        ["demo"] = ["HOSTILE"],
        ["validate"] =
        [
            "GOOD", "BAD", "BAD -v", "BAD -o json", "BAD -o sarif", "BAD -o github", "HOSTILE", "BINARY",
            "GOOD --ignore HOSTILE", "GOOD BAD -q",
        ],
        ["matrix"] =
        [
            "-f GOOD", "-f GOOD -o json", "-f GOOD -o csv", "-f GOOD -o md", "-f GOOD -o list", "-f GOOD -o html",
            "-f BAD", "",
            "-f GOOD --external HOSTILE", "-f GOOD --external x/{a=HOSTILE}", "-f GOOD --probe HOSTILE",
        ],
        ["why"] =
        [
            "x/other x/web -f GOOD", "x/other x/web -f GOOD -o json", "x/other x/web -f BAD", "x/other x/web",
            "x/client x/web -p tcp/80 -f GOOD", "HOSTILE x/web -f GOOD", "x/web x/HOSTILE",
            "x/a x/b -p HOSTILE -f GOOD",
        ],
        ["dns"] =
        [
            "web --from x/web -f GOOD", "web --from x/web", "HOSTILE --from x/web -f GOOD",
            "web --from HOSTILE -f GOOD", "web --from x/web -f BAD",
        ],
        ["dns-server"] = ["--address HOSTILE --feed BINARY", "HOSTILE"],
        ["diff"] =
        [
            "-f GOOD --against EMPTY", "-f GOOD --against EMPTY -o md", "-f GOOD --against EMPTY -o html",
            "-f GOOD --against EMPTY -o json",
            "-f GOOD --against BAD", "-f BAD --against GOOD", "-f GOOD", "-f GOOD --against HOSTILE",
        ],
        ["verify"] = ["", "-o json", "-o junit", "-o html", "-f BAD", "--sample HOSTILE"],
        ["test"] =
        [
            "EXPECT", "EXPECT -o json", "EXPECT -o tap", "EXPECT -o junit", "EXPECT -o html", "BAD", "HOSTILE",
            "EXPECT -f HOSTILE",
        ],
        ["rules"] = ["", "-f GOOD", "-f BAD", "HOSTILE"],
        ["doctor"] = ["--state-dir HOSTILE", "--state-dir HOSTILE -o json", "HOSTILE"],
        ["cleanup"] = ["--node HOSTILE_", "HOSTILE"],
        ["daemon"] = ["--node HOSTILE", "--node-name HOSTILE_", "--config BINARY", "--log-level HOSTILE"],
        ["cni"] = ["check --conf-dir HOSTILE --bin-dir HOSTILE", "HOSTILE"],
        ["apply"] =
        [
            "-f GOOD", "-f GOOD --dry-run", "-f GOOD -o json", "-f BAD", "-f HOSTILE", "-f GOOD --wait=HOSTILE",
        ],
        ["delete"] = ["-f GOOD", "pod x/web", "pod HOSTILE", "HOSTILE x/web", "pods -l HOSTILE", "pods --all -o json"],
        ["get"] =
        [
            "pods", "pods -o wide --show-labels", "all -A", "all -A -o json", "all -A -o name", "netpol x/web",
            "HOSTILE", "pods HOSTILE", "pods -n HOSTILE",
        ],
        ["describe"] = ["pod x/web", "netpol x/web", "namespace x", "pod HOSTILE", "HOSTILE x/web"],
        ["status"] = ["", "-o json", "HOSTILE"],
        ["kubeconfig"] = ["", "--path", "--read", "HOSTILE"],
        ["topology"] = ["", "-o json", "-o dot", "-o mermaid", "-o svg", "HOSTILE"],
        ["ui"] = ["--port HOSTILE", "--socket HOSTILE", "HOSTILE"],
        ["flows"] = ["", "-o json", "--pod HOSTILE", "--last HOSTILE"],
        ["trace"] = ["x/client x/web", "x/client x/web -o json", "HOSTILE x/web"],
        // Its data are bytes: what is captured is a file of the user's.
        ["capture"] = ["x/web", "x/web -w GOOD/HOSTILE", "HOSTILE", "x/web --filter HOSTILE"],
        ["read"] = ["BINARY", "HOSTILE", "BINARY -f BAD"],
        // The program's own output is the program's.
        ["exec"] = ["x/web -- HOSTILE", "HOSTILE -- true", "HOSTILE"],
        // Its data are bytes; on a terminal they go through the printer.
        ["logs"] = ["x/web", "HOSTILE", "x/web --tail HOSTILE", "x/web --since HOSTILE", "x/web -c HOSTILE"],
        ["completion"] = ["HOSTILE", "bash HOSTILE"],
        ["__complete"] = ["describe pod ", "describe HOSTILE", "get -n ", "-- why HOSTILE"],
        ["__manual"] = ["HOSTILE HOSTILE"],
    };

    private readonly Cli _cli = new() { IsRoot = true };
    private readonly CannedDaemon _daemon;
    private readonly Dictionary<string, string> _places;

    public HostileTextTests()
    {
        var (root, name) = (_cli.Example(), $"{HostileText.Name}.yaml");
        _daemon = HostileText.Daemon(_cli.Socket);
        _places = new Dictionary<string, string>
        {
            ["GOOD"] = Path.Combine(root, "good"), ["BAD"] = Path.Combine(root, "bad"),
            ["EMPTY"] = Path.Combine(root, "empty"), ["EXPECT"] = Path.Combine(root, name),
            ["BINARY"] = Path.Combine(root, $"bin{HostileText.Name}"), ["HOSTILE"] = HostileText.Name,
        };
        foreach (var place in (string[])["GOOD", "BAD", "EMPTY"]) Directory.CreateDirectory(_places[place]);
        File.WriteAllText(Path.Combine(_places["GOOD"], name), Cli.Pods + Cli.Policy);
        File.WriteAllText(Path.Combine(_places["BAD"], name), HostileText.Manifest);
        File.WriteAllText(Path.Combine(_places["BAD"], $"syntax{name}"), "a: [\n\"\u202e\n");
        File.WriteAllText(Path.Combine(_places["BAD"], $"control{name}"), "a: \u001b[31m\n");
        File.WriteAllText(Path.Combine(_places["EMPTY"], "pods.yaml"), Cli.Pods);
        File.WriteAllText(_places["BINARY"], "\u001b[31m no capture");
        File.WriteAllText(_places["EXPECT"],
            "manifests: good\nexpect: [{ from: x/other, to: x/web, port: 80, want: allow }]\n");
    }

    public static TheoryData<string> Commands() => [.. Lines.Keys];

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Fact]
    public void Every_command_is_in_the_table() => Assert.Equal(
        Tree().Select(c => c.Name).Order(StringComparer.Ordinal), Lines.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Commands))]
    public void Nothing_that_others_wrote_is_printed_as_it_is(string command)
    {
        var isShown = false;
        foreach (var line in Lines[command])
            isShown |= Said([command, .. line.Split(' ').Select(Placed).Where(w => w.Length > 0)]);
        // Otherwise nothing was tried. Completion leaves such names out.
        Assert.Equal(command != "__complete", isShown);
    }

    /// <summary>Each option that has a value, with this one: a new option is tried by itself.</summary>
    [Theory]
    [MemberData(nameof(Commands))]
    public void No_value_of_an_option_is_printed_as_it_is(string command)
    {
        string[] rest = [.. Lines[command][0].Split(' ').Select(Placed).Where(w => w.Length > 0)];
        var options = Tree().Single(c => c.Name == command).Options.Where(o => o.ValueType != typeof(bool));
        foreach (var option in options) Said([command, .. rest, option.Name, $"_{HostileText.Name}"]);
    }

    /// <returns>Whether hostile text was said, made visible.</returns>
    private bool Said(string[] words)
    {
        var outcome = _cli.Run(words);
        foreach (var said in (string[])[outcome.Out, outcome.Error])
            Assert.True(HostileText.FirstRaw(said) is null, $"{string.Join(' ', words)}: {HostileText.FirstRaw(said)}");
        Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
        return (outcome.Out + outcome.Error).Contains(@"\u202e", StringComparison.Ordinal);
    }

    private string Placed(string word)
    {
        foreach (var (place, path) in _places) word = word.Replace(place, path, StringComparison.Ordinal);
        return word;
    }

    private static IEnumerable<Command> Tree()
    {
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        return CommandTree.Build(shell).Subcommands;
    }
}
