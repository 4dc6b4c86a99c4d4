using System.CommandLine;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Input;

/// <summary>
/// The options of commands that read manifests: their paths, where <c>-f PATH</c> and PATH mean the same, the namespace
/// of objects without one, and what is said about them.
/// </summary>
/// <param name="things">What the paths lead to, in the plural, for messages.</param>
/// <param name="greedy">See <see cref="Settings.Files"/>.</param>
internal sealed class ManifestChoice(string things = "manifests", bool greedy = true)
{
    private readonly Argument<string[]> _words = new("paths")
    {
        HelpName = "PATH",
        Arity = ArgumentArity.ZeroOrMore,
        Description = "The same as -f PATH",
    };

    private readonly RemarkOptions _remarks = new();

    private readonly Option<string[]> _exclude = Settings.Exclude();

    public Option<string[]> Files { get; } = Settings.Files(greedy);

    public Option<string> Namespace { get; } = Settings.Namespace(
        $"Of objects and names without one; default {ObjectNames.DefaultNamespace}");

    /// <summary>Adds the options, and the argument after the command's other arguments.</summary>
    public void AddTo(Command command)
    {
        command.Add(_words);
        AddOptionsTo(command);
    }

    /// <summary>Adds the options alone, for a command with other arguments.</summary>
    public void AddOptionsTo(Command command)
    {
        command.Add(Files);
        command.Add(Namespace);
        command.Add(_exclude);
        _remarks.AddTo(command);
    }

    /// <returns>A reading without paths if the command line names none.</returns>
    public ManifestReading Of(ParseResult parsed, params IReadOnlyList<string> morePaths) => new(
        [.. parsed.GetValue(Files) ?? [], .. parsed.GetValue(_words) ?? [], .. morePaths],
        parsed.GetValue(Namespace),
        _remarks.Of(parsed))
    {
        Exclude = parsed.GetValue(_exclude) ?? [],
    };

    /// <exception cref="CommandFailure">The command line names no path.</exception>
    public ManifestReading Required(ParseResult parsed) => Of(parsed) is { IsGiven: true } reading
        ? reading
        : throw new CommandFailure(
            ExitCodes.Usage,
            $"no {things} given; name them: dataplane {parsed.CommandResult.Command.Name} PATH");

    /// <summary>
    /// True if the word is a path for a command that takes names too: it exists, or ends as a manifest.
    /// </summary>
    public static bool IsPath(string word) => word == "-" || Path.Exists(word)
        || Path.GetExtension(word) is ".yaml" or ".yml" or ".json";
}
