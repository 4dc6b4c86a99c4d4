using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Daemon.Configuration;
using Dataplane.Node.Diagnosis;

namespace Dataplane.Cli.Operation;

/// <summary><c>doctor</c>: checks the machine's features and proves enforcement with packets.</summary>
internal static class DoctorCommand
{
    public static Command Build(Shell shell)
    {
        var output = Settings.Output("table", "json");
        var state = new Option<string>("--state-dir")
        {
            HelpName = "DIR",
            DefaultValueFactory = _ => new DaemonOptions().StateDirectory,
            Description = "Where the daemon keeps its state",
        };
        var command = new HelpfulCommand("doctor",
            "Examines this machine: kernel features, capabilities, limits, other firewalls, disk, clock; and "
                + "proves enforcement with one allowed and one denied packet in a private node. Every "
                + "finding comes with its fix.")
        {
            Examples =
            [
                ("sudo dataplane doctor", "takes about a second; changes nothing"),
                ("sudo dataplane doctor -o json", "for a bug report")
            ],
            Exits = [(0, "nothing failed; there may be warnings"), (1, "a check failed"), (2, "wrong command line")],
            Remarks =
            [
                "Without root the checks that need it fail and say so. A daemon that answers is "
                    + "asked too; none is no fault."
            ],
        };
        var daemon = new DaemonChoice(shell);
        foreach (var option in (Option[])[state, output]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            IReadOnlyList<Finding> findings = [
                .. Doctor.Examine(parsed.GetRequiredValue(state)),
                .. AskDaemon(daemon, parsed)
            ];
            if (parsed.GetRequiredValue(output) == "json") shell.WriteJson(json => DoctorJson.Write(json, findings));
            else WriteTable(shell, findings);
            return findings.Any(f => f.Severity == FindingSeverity.Failed) ? ExitCodes.No : ExitCodes.Yes;
        });
        return command;
    }

    private static IReadOnlyList<Finding> AskDaemon(DaemonChoice choice, ParseResult parsed)
    {
        if (!File.Exists(choice.SocketPath(parsed))) return [];
        try
        {
            using var client = choice.Connect(parsed);
            return [.. DaemonFindings.Of(client.Get(ApiPaths.Status, ApiJson.Default.StatusResponse))];
        }
        catch (CommandFailure failure)
        {
            return [
                Finding.Failed($"daemon: {failure.Message}", "sudo systemctl restart dataplane, or remove the socket")
            ];
        }
    }

    private static void WriteTable(Shell shell, IReadOnlyList<Finding> findings)
    {
        var colours = shell.OutColours;
        foreach (var finding in findings)
        {
            var mark = finding.Severity switch
            {
                FindingSeverity.Ok => colours.Green("✓"),
                FindingSeverity.Warning => "!",
                _ => colours.Red("✗")
            };
            shell.Out.WriteLine($"{mark} {finding.What}");
            if (finding.Fix is { } fix) shell.Out.WriteLine($"    fix: {fix}");
        }
        var (ok, warnings, failed) = (
            Count(FindingSeverity.Ok), Count(FindingSeverity.Warning), Count(FindingSeverity.Failed));
        shell.Out.WriteLine($"{ok} ok, {Words.Count(warnings, "warning")}, {failed} failed");

        int Count(FindingSeverity severity) => findings.Count(f => f.Severity == severity);
    }
}
