using System.CommandLine;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli;

/// <summary>
/// <c>__manual DIR</c>, for <c>make install</c>: writes a page for man(1) for the program and for each command.
/// </summary>
internal static class ManualCommand
{
    public static Command BuildHidden(Shell shell, RootCommand root)
    {
        var directory = new Argument<string>("directory") { HelpName = "DIR" };
        var command = new Command("__manual") { Hidden = true };
        command.Add(directory);
        command.SetAction(parsed =>
        {
            var target = parsed.GetRequiredValue(directory);
            Directory.CreateDirectory(target);
            foreach (var described in root.Subcommands.Where(c => !c.Hidden).Prepend<Command>(root))
            {
                var file = $"{ManualPage.Name(described)}.{ManualPage.Section}";
                File.WriteAllText(Path.Combine(target, file), ManualPage.Of(described));
                shell.Out.WriteLine(file);
            }
            return ExitCodes.Yes;
        });
        return command;
    }
}
