using System.CommandLine;

namespace Dataplane.Cli.Options;

/// <summary>A command whose help shows how it is used and what its exit codes mean.</summary>
internal sealed class HelpfulCommand(string name, string description) : Command(name, description)
{
    /// <summary>Whole command lines with what each is for.</summary>
    public required IReadOnlyList<(string Line, string Purpose)> Examples { get; init; }

    /// <summary>What each code means for this command; the rest is as everywhere.</summary>
    public required IReadOnlyList<(int Code, string Meaning)> Exits { get; init; }

    /// <summary>More that a user must know, a paragraph each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
