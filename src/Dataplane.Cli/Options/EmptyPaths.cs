using System.CommandLine;
using System.CommandLine.Parsing;

namespace Dataplane.Cli.Options;

/// <summary>Refuses the empty text where a path is expected: an unset variable in a script.</summary>
internal static class EmptyPaths
{
    private static readonly string[] Names = ["PATH", "FILE", "DIR"];

    public static void Refuse(Command command)
    {
        foreach (var option in command.Options.Where(o => Names.Contains(o.HelpName)))
            option.Validators.Add(result => Refuse(result, option.Name, result.Tokens));
        foreach (var argument in command.Arguments.Where(a => Names.Contains(a.HelpName)))
            argument.Validators.Add(result => Refuse(result, argument.HelpName!, result.Tokens));
    }

    private static void Refuse(SymbolResult result, string name, IReadOnlyList<Token> tokens)
    {
        if (tokens.Any(t => string.IsNullOrWhiteSpace(t.Value))) result.AddError($"{name}: the path is empty");
    }
}
