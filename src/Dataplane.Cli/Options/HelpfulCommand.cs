using System.CommandLine;

namespace Dataplane.Cli.Options;

/// <summary>A command with examples, exit codes and remarks for its help page.</summary>
internal sealed class HelpfulCommand(string name, string description) : Command(name, description)
{
    /// <summary>Complete command lines, each with its purpose.</summary>
    public required IReadOnlyList<(string Line, string Purpose)> Examples { get; init; }

    /// <summary>The meaning of each exit code for this command; other codes have their general meaning.</summary>
    public required IReadOnlyList<(int Code, string Meaning)> Exits { get; init; }

    /// <summary>Further paragraphs of the help page.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
