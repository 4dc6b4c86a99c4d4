using System.CommandLine;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Operation;

/// <summary><c>status</c>: shows whether the desired state is enforced.</summary>
internal static class StatusCommand
{
    public static Command Build(Shell shell)
    {
        var (output, daemon) = (Settings.Output("table", "json"), new DaemonChoice(shell));
        var command = new HelpfulCommand(
            "status", "Whether the daemon enforces what it was asked for, what is wrong, and what it has repaired.")
        {
            Examples =
            [
                ("dataplane status", "generations, errors of the manifest directory, the last repairs"),
                ("dataplane status -o json --timeout 5", "for monitoring"),
            ],
            Exits =
            [
                (0, "enforced, and nothing is wrong"),
                (1, "something is wrong: it says what"),
                (2, "wrong command line"),
                (4, "no daemon, or no permission")
            ],
            Remarks =
            [
                "A generation counts the changes of the desired state; desired and enforced differ while a change is "
                    + "on its way, and when the kernel has refused one."
            ],
        };
        command.Add(output);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            using var client = daemon.Connect(parsed);
            var status = client.Get(ApiPaths.Status, ApiJson.Default.StatusResponse);
            if (parsed.GetRequiredValue(output) == "json")
                shell.WriteJson(json => JsonSerializer.Serialize(json, status, ApiJson.Default.StatusResponse));
            else StatusText.Write(shell.Out, shell.OutColours, status);
            return StatusText.IsWell(status) ? ExitCodes.Yes : ExitCodes.No;
        });
        return command;
    }
}
