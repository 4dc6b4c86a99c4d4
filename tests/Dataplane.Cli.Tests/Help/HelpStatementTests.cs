using System.CommandLine;
using System.Text.RegularExpressions;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests;

/// <summary>
/// What the help of a command says is shown by a test: <c>statements.txt</c> has every statement with its tests. A new
/// command, option or statement without an entry fails here, as does an entry that no help has.
/// </summary>
public sealed partial class HelpStatementTests
{
    /// <summary>The section of statements that several commands make.</summary>
    private const string Common = "*";

    private static string File => SourceTree.Full("tests/Dataplane.Cli.Tests/Help/statements.txt");

    public static TheoryData<string> Names() => [.. Commands().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_statement_has_its_tests(string name)
    {
        var entries = Entries();
        var said = Statements(Commands().Single(c => c.Name == name)).ToList();
        var known = entries.Where(e => e.Section is Common || e.Section == name).Select(e => e.Statement).ToHashSet();
        Assert.Equal([], said.Where(s => !known.Contains(s)));
        Assert.Equal([], entries.Where(e => e.Section == name && !said.Contains(e.Statement)).Select(e => e.Statement));
    }

    [Fact]
    public void Every_entry_is_said_by_a_command()
    {
        var commands = Commands();
        var said = commands.SelectMany(Statements).ToHashSet();
        var entries = Entries();
        Assert.Equal([], entries.Where(e => !said.Contains(e.Statement)).Select(e => e.Statement));
        Assert.Equal([], entries.Select(e => e.Section).Distinct().Except([Common, .. commands.Select(c => c.Name)]));
    }

    [Fact]
    public void Every_test_is_there()
    {
        string[] folders = [SourceTree.Full("tests"), SourceTree.Full("integration")];
        var known = folders.SelectMany(f => Directory.EnumerateFiles(f, "*.cs", SearchOption.AllDirectories))
            .SelectMany(Methods)
            .ToHashSet();
        Assert.All(Entries(), e => Assert.NotEmpty(e.Tests));
        Assert.Equal([], Entries().SelectMany(e => e.Tests).Where(t => !known.Contains(t)).Distinct());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_example_is_a_correct_command_line(string name)
    {
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        var root = CommandTree.Build(shell);
        foreach (var (line, _) in Commands().Single(c => c.Name == name).Examples)
        {
            // The part of a pipe that is this program, without what the shell takes.
            var own = Own().Match(line).Groups["words"].Value;
            if (own.Length == 0) continue;
            var words = Settings.SpellOut([.. Word().Matches(own).Select(m => m.Value.Trim('\''))]);
            using var error = new StringWriter();
            using var told = new Shell(Stream.Null, error, TextReader.Null);
            Assert.True(UsageErrors.Report(root.Parse(words), told) is null, $"{line}: {error}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_format_is_accepted(string name)
    {
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        var root = CommandTree.Build(shell);
        var command = Commands().Single(c => c.Name == name);
        var output = command.Options.OfType<Option<string>>().FirstOrDefault(o => o.Name == "--output");
        foreach (var format in output?.HelpName?.Split('|') ?? [])
        {
            var parsed = root.Parse([name, "-o", format]);
            Assert.DoesNotContain(parsed.Errors, e => e.Message.StartsWith("--output", StringComparison.Ordinal));
            Assert.Equal(format, parsed.GetValue<string>("--output"));
        }
    }

    private static List<HelpfulCommand> Commands()
    {
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        return [.. CommandTree.Build(shell).Subcommands.OfType<HelpfulCommand>().Where(c => !c.Hidden)];
    }

    private static IEnumerable<string> Statements(HelpfulCommand command) => ((IEnumerable<string?>)
    [
        command.Description,
        .. command.Remarks,
        .. command.Arguments.Where(a => !a.Hidden).Select(a => a.Description),
        .. command.Options.Where(o => !o.Hidden).Select(o => o.Description),
        .. command.Exits.Select(e => $"exit {e.Code}: {e.Meaning}"),
    ]).OfType<string>().Select(OnOneLine).Where(s => s.Length > 0);

    private static List<Entry> Entries()
    {
        var entries = new List<Entry>();
        var section = "";
        foreach (var line in System.IO.File.ReadLines(File).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (line is ['[', .. var name, ']']) section = name;
            else if (line.StartsWith("  = ", StringComparison.Ordinal)) entries[^1].Tests.Add(line[4..]);
            else if (entries is [] || entries[^1].Section != section || entries[^1].Tests.Count > 0)
                entries.Add(new Entry(section, line, []));
            else entries[^1] = entries[^1] with { Statement = $"{entries[^1].Statement} {line}" };
        }
        return entries;
    }

    private static IEnumerable<string> Methods(string file)
    {
        var text = System.IO.File.ReadAllText(file);
        var classes = Class().Matches(text).Select(m => m.Groups["name"].Value);
        var methods = Method().Matches(text).Select(m => m.Groups["name"].Value).ToList();
        return classes.SelectMany(c => methods.Select(m => $"{c}.{m}"));
    }

    private static string OnOneLine(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [GeneratedRegex(@"class (?<name>\w+Tests|\w+OnTheWire)\b")]
    private static partial Regex Class();

    [GeneratedRegex(@"public (?:async Task|void) (?<name>\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"(?:^|[ |])dataplane (?<words>(?:'[^']*'|[^|&>'])+?)(?: ?[|&>].*)?$")]
    private static partial Regex Own();

    [GeneratedRegex("'[^']*'|[^ ]+")]
    private static partial Regex Word();

    /// <param name="Section">The command; <see cref="Common"/> for several.</param>
    /// <param name="Tests">Class and method.</param>
    private sealed record Entry(string Section, string Statement, List<string> Tests);
}
