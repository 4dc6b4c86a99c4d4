using System.CommandLine;
using System.Text.Json;
using Dataplane.Cli.Terminal;
using Dataplane.Runtime.Launching;

namespace Dataplane.Cli.Operation;

/// <summary><c>launch</c>: becomes a program of a container, as standard input says.</summary>
internal static class LaunchCommand
{
    public static Command BuildHidden(Shell shell)
    {
        var command = new Command("launch") { Hidden = true };
        command.SetAction(_ =>
        {
            Privilege.Require(shell, "launch");
            try
            {
                return Launcher.Become(ProgramStart.FromJson(Console.In.ReadToEnd()));
            }
            catch (JsonException e)
            {
                throw new CommandFailure(ExitCodes.Input, $"standard input says no program: {e.Message}");
            }
        });
        return command;
    }
}
