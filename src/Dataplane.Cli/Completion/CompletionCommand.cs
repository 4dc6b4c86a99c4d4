using System.CommandLine;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Completion;

/// <summary><c>completion</c> prints a script for the shell; the script calls <c>__complete</c>.</summary>
internal static class CompletionCommand
{
    public static Command Build(Shell shell)
    {
        var which = new Argument<string>("shell")
        {
            HelpName = string.Join('|', CompletionScripts.Shells),
            Description = "Which shell"
        };
        which.AcceptOnlyFromAmong(CompletionScripts.Shells);
        var command = new HelpfulCommand(
            "completion",
            "A script that completes commands, options, and the names of pods and policies, "
                + "which it asks the daemon for.")
        {
            Examples =
            [
                ("source <(dataplane completion bash)",
                    "in ~/.bashrc; or once, as root: dataplane completion bash > /etc/bash_completion.d/dataplane"),
                ("dataplane completion zsh > \"${fpath[1]}/_dataplane\"", "zsh, in a directory of fpath"),
                ("dataplane completion fish > ~/.config/fish/completions/dataplane.fish", "fish"),
            ],
            Exits = [(0, "printed"), (2, "wrong command line")],
        };
        command.Add(which);
        command.SetAction(parsed =>
        {
            shell.Out.Write(CompletionScripts.For(parsed.GetRequiredValue(which)));
            return ExitCodes.Yes;
        });
        return command;
    }

    public static Command BuildHidden(Shell shell, RootCommand root)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("__complete") { Hidden = true };
        command.Add(words);
        command.SetAction(parsed =>
        {
            foreach (var candidate in new Completer(shell, root).Complete(parsed.GetValue(words) ?? []))
            {
                if (candidate.Description is null) shell.Out.WriteLine(candidate.Word);
                else shell.Out.WriteLine($"{candidate.Word}\t{candidate.Description}");
            }
            return ExitCodes.Yes;
        });
        return command;
    }
}
