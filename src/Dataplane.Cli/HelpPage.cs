using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Dataplane.Cli.Options;

namespace Dataplane.Cli;

/// <summary>The text of <c>--help</c>: description, examples, then arguments, options and exit codes.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    public static readonly (int Code, string Meaning)[] Exits =
    [
        (ExitCodes.Yes, "yes, equal, as expected"),
        (ExitCodes.No, "the answer is no"),
        (ExitCodes.Usage, "wrong command line"),
        (ExitCodes.Input, "input rejected, nothing done"), (ExitCodes.NoAccess, "no daemon, or no permission"),
        (ExitCodes.Kernel, "the kernel refused, rolled back"),
        (ExitCodes.Undecided, "undecided"),
        (ExitCodes.Interrupted, "interrupted"),
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        output.Write($"{command.Description}\n");
        if (command is HelpfulCommand helpful) Write(helpful, output);
        else WriteRoot(command, output);
        return ExitCodes.Yes;
    }

    private static void WriteRoot(Command root, TextWriter output)
    {
        Section(output, "Commands", Commands(root));
        Section(output, "Options", Options(root));
        Section(output, "Exit codes", Exits.Select(e => ($"{e.Code}", e.Meaning)));
        output.Write("\nSee dataplane COMMAND --help for examples.\n");
    }

    private static void Write(HelpfulCommand command, TextWriter output)
    {
        output.Write("\nExamples:\n");
        foreach (var (line, purpose) in command.Examples) output.Write($"  {line}\n      {purpose}\n");
        output.Write($"\nUsage:\n  {Usage(command)}\n");
        Section(output, "Arguments", Arguments(command));
        Section(output, "Options", Options(command));
        foreach (var remark in command.Remarks) output.Write($"\n{remark}\n");
        Section(output, "Exit codes", command.Exits.Select(e => ($"{e.Code}", e.Meaning)));
    }

    public static IEnumerable<(string Left, string Right)> Commands(Command root) =>
        root.Subcommands.Where(c => !c.Hidden).Select(c => (c.Name, FirstSentence(c.Description)));

    public static IEnumerable<(string Left, string Right)> Arguments(Command command) =>
        command.Arguments.Where(a => !a.Hidden).Select(a => (a.HelpName ?? a.Name, a.Description ?? ""));

    /// <summary>A command has the root's option for help too.</summary>
    public static IEnumerable<(string Left, string Right)> Options(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(p => p.Options).Where(o => o is HelpOption))
            .Where(o => !o.Hidden).Select(Describe);

    public static string Usage(Command command)
    {
        // Arguments after -- are last in the usage line.
        var shown = command.Arguments.Where(a => !a.Hidden)
            .ToLookup(a => a.HelpName?.StartsWith("--", StringComparison.Ordinal) is true);
        var options = command.Options.Where(o => !o.Hidden)
            .Select(o => o.Required ? Signature(o) : $"[{Signature(o)}]{(IsList(o) ? "..." : "")}");
        return string.Join(' ', [
            "dataplane",
            command.Name,
            .. shown[false].Select(Word),
            .. options,
            .. shown[true].Select(Word)
        ]);

        static string Word(Argument argument)
        {
            var word = argument.HelpName ?? argument.Name;
            if (argument.Arity.MaximumNumberOfValues > 1) word += "...";
            return argument.Arity.MinimumNumberOfValues == 0 ? $"[{word}]" : word;
        }
    }

    private static bool IsList(Option option) => option.Arity.MaximumNumberOfValues > 1;

    private static string Signature(Option option) =>
        (option.Aliases.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? option.Name)
            + (option.HelpName is null ? "" : $" {option.HelpName}");

    private static (string, string) Describe(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(n => n.Length));
        return (option.HelpName is null ? names : $"{names} {option.HelpName}", option.Description ?? "");
    }

    public static string FirstSentence(string? text) => text?.Split(['\n', '.'], 2)[0] ?? "";

    private static void Section(TextWriter output, string title, IEnumerable<(string Left, string Right)> rows)
    {
        var list = rows.ToList();
        if (list.Count == 0) return;
        output.Write($"\n{title}:\n");
        var width = list.Max(r => r.Left.Length);
        foreach (var (left, right) in list)
        {
            output.Write($"  {left.PadRight(width)}  "
                + $"{right.Replace("\n", "\n" + new string(' ', width + 4), StringComparison.Ordinal)}\n");
        }
    }
}
