using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Dataplane.Cli.Options;
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
        // A command behind an unknown word is not what was meant.
        var isUnknown = parsed.Tokens is [{ Type: TokenType.Argument }, ..];
        var command = isUnknown ? parsed.RootCommandResult.Command : parsed.CommandResult.Command;
        var word = isUnknown ? parsed.Tokens[0].Value : null;
        var message = word is not null && !word.StartsWith('-') ? UnknownCommand(word, command) : Find(parsed, command);
        if (message is null) return null;
        var path = command is RootCommand ? "dataplane" : $"dataplane {command.Name}";
        shell.Error.WriteLine($"dataplane: {message.ReplaceLineEndings(" ")}");
        shell.Error.WriteLine($"see {path} --help");
        return ExitCodes.Usage;
    }

    /// <summary>An unknown word is reported first, because it causes the other errors.</summary>
    private static string? Find(ParseResult parsed, Command command)
    {
        if (parsed.Action is HelpPage) return null;
        if (UnknownOption(parsed) is { } option) return Describe(option, command, parsed);
        if (parsed.Errors.Count == 0 || parsed.Action is not ParseErrorAction) return null;
        return parsed.UnmatchedTokens is [var word, ..] ? $"unexpected argument \"{word}\"" : parsed.Errors[0].Message;
    }

    private static string UnknownCommand(string word, Command root)
    {
        if (word == OtherWords.Help) return OtherWords.HelpRemedy;
        if (OtherWords.Commands.TryGetValue(word, out var remedy))
            return $"there is no command \"{word}\": {remedy}";
        var nearest = OtherWords.Synonyms.GetValueOrDefault(word)
            ?? Suggest.Nearest(word, root.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
        return $"unknown command \"{word}\"{DidYouMean(nearest)}";
    }

    /// <summary>
    /// Finds a word before <c>--</c> that looks like an option and is none. The parser takes such a word for a name,
    /// a path, or the value of the option before it.
    /// </summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        var options = parsed.CommandResult.Command.Options;
        Token? before = null;
        foreach (var token in parsed.Tokens.TakeWhile(t => t.Type != TokenType.DoubleDash))
        {
            var isFreeText = before is { Type: TokenType.Option } && options.Any(o =>
                o.HelpName == Settings.FreeText && o.Aliases.Append(o.Name).Contains(before.Value));
            if (token.Type == TokenType.Argument && !isFreeText && token.Value is ['-', not (>= '0' and <= '9'), ..])
                return token.Value;
            before = token;
        }
        return null;
    }

    private static string Describe(string word, Command command, ParseResult parsed)
    {
        var unknown = $"unknown option {word}";
        if (OtherWords.Option(command.Name, word) is { } remedy) return $"{unknown}: {remedy}";
        var known = command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options))
            .Where(o => !o.Hidden)
            .SelectMany(o => o.Aliases.Append(o.Name));
        // Every letter is near every other.
        if (word.Length > 2 && Suggest.Nearest(word, known) is { } nearest) return unknown + DidYouMean(nearest);
        return command.Arguments.FirstOrDefault(a => a.HelpName is ['-', '-', ..]) is { HelpName: var program }
            && parsed.Tokens.All(t => t.Type != TokenType.DoubleDash)
            ? $"{unknown}; the program and its options come after two dashes: {program}"
            : unknown;
    }

    private static string DidYouMean(string? nearest) => nearest is null ? "" : $"; did you mean {nearest}?";
}
