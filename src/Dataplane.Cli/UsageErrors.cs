using System.CommandLine;
using System.CommandLine.Invocation;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;
namespace Dataplane.Cli;

/// <summary>
/// Reports a wrong command line: the first error in one line, one suggestion, and a reference to the help.
/// </summary>
internal static class UsageErrors
{
    /// <returns>The exit code, or null for a correct command line.</returns>
    public static int? Report(ParseResult parsed, Shell shell)
    {
        if (parsed.Errors.Count == 0 || parsed.Action is not ParseErrorAction) return null;
        var command = parsed.CommandResult.Command;
        var path = command is RootCommand ? "dataplane" : $"dataplane {command.Name}";
        shell.Error.WriteLine($"dataplane: {Message(parsed, command)}");
        shell.Error.WriteLine($"see {path} --help");
        return ExitCodes.Usage;
    }

    /// <summary>An unknown word is reported first, because it causes the other errors.</summary>
    private static string Message(ParseResult parsed, Command command)
    {
        if (parsed.UnmatchedTokens is not [var word, ..]) return parsed.Errors[0].Message.ReplaceLineEndings(" ");
        if (word.StartsWith('-'))
        {
            var known = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options))
                .Where(o => !o.Hidden).SelectMany(o => o.Aliases.Append(o.Name));
            return $"unknown option {word}{DidYouMean(word, known)}";
        }
        return command is RootCommand
            ? $"unknown command \"{word}\""
                + $"{DidYouMean(word, command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}"
            : $"unexpected argument \"{word}\"";
    }

    private static string DidYouMean(string word, IEnumerable<string> known) =>
        Suggest.Nearest(word, known) is { } nearest ? $"; did you mean {nearest}?" : "";
}
