using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Flows;

/// <summary><c>flows</c>: prints allowed and denied flows from the daemon's log.</summary>
internal static class FlowsCommand
{
    public static Command Build(Shell shell)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until Ctrl-C" };
        var verdict = Settings.OneOf("--verdict", null, "Only these", ["all", "allowed", "denied"]);
        var pod = new Option<string>("--pod")
        {
            HelpName = "POD",
            Description = "Only flows from or to this pod: namespace/pod, or a pod with -n"
        };
        var ns = Settings.Namespace("Only flows from or to pods of this namespace; with --pod: the pod's namespace");
        var last = new Option<int?>("--last")
        {
            HelpName = "N",
            Description = "Begin with so many of the past; default 20, with -f none"
        };
        last.Validators.Add(result =>
        {
            if (result.Tokens is [var token]
                && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                    && n <= ApiPaths.MaxLastFlows))
            {
                result.AddError($"--last {token.Value}: no number from 0 to {ApiPaths.MaxLastFlows}");
            }
        });
        var probes = new Option<bool>("--probes")
        {
            Description = "Also what verify, trace and apply --wait send: marked as (probe)"
        };
        var (output, daemon) = (Settings.Output("table", "json"), new DaemonChoice(shell, waits: false));
        var command = new HelpfulCommand(
            "flows",
            "The flow log: new connections that were allowed, and packets that were denied, "
                + "with the policy that decided. Packets that dataplane itself sends as probes are left out.")
        {
            Examples =
            [
                ("dataplane flows -f", "as they come"),
                ("dataplane flows -f --verdict denied --pod shop/db", "who is kept from the database, and by what"),
                ("dataplane flows --last 1000 -o json | jq .policy", "for scripts: an object a line"),
            ],
            Exits =
            [
                (0, "printed; with -f: ended by Ctrl-C"),
                (2, "wrong command line"),
                (4, "no daemon, no permission, or it has ended")
            ],
            Remarks =
            [
                "Denied packets of one source are logged up to a rate and counted beyond; entries that could not be "
                    + "told appear as such, with their number. Nothing is left out silently."
            ],
        };
        foreach (var option in (Option[])[follow, verdict, pod, ns, last, probes, output]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var goesOn = parsed.GetValue(follow);
            var query = new List<string>
            {
                $"follow={(goesOn ? 1 : 0)}",
                $"last={parsed.GetValue(last) ?? (goesOn ? 0 : 20)}"
            };
            if (parsed.GetRequiredValue(verdict) is not "all" and var only) query.Add($"verdict={only}");
            if (parsed.GetValue(pod) is { } named)
                query.Add($"pod={Uri.EscapeDataString(ObjectNames.FullName(named, parsed.GetValue(ns)))}");
            else if (parsed.GetValue(ns) is { } place)
                query.Add($"namespace={Uri.EscapeDataString(place)}");
            if (parsed.GetValue(probes)) query.Add("probes=1");
            using var client = daemon.Connect(parsed);
            using var interruption = new Interruption(shell);
            try
            {
                using var lines = new StreamReader(client.Open(
                    $"{ApiPaths.Flows}?{string.Join('&', query)}", interruption.Token));
                Print(shell, client, lines, parsed.GetRequiredValue(output), interruption.Token);
            }
            catch (Exception) when (interruption.Token.IsCancellationRequested)
            {
                // The user interrupted the command, so the answer is incomplete.
            }
            return ExitCodes.Yes;
        });
        return command;
    }

    private static void Print(
        Shell shell, DaemonClient client, StreamReader lines, string format, CancellationToken stop)
    {
        if (format == "table") FlowLine.WriteHeader(shell.Out);
        shell.Out.Flush();
        while (client.Guard(() => lines.ReadLineAsync(stop).AsTask(), stop) is { } line && !shell.ReaderIsGone)
        {
            if (line.Length == 0) continue;
            if (format == "json")
            {
                shell.Out.WriteLine(line);
            }
            else if (client.Guard(
                () => Task.FromResult(JsonSerializer.Deserialize(line, ApiJson.Default.FlowEntry)), stop) is { } entry)
            {
                FlowLine.Write(shell.Out, shell.OutColours, entry);
            }
            shell.Out.Flush();
        }
    }
}
