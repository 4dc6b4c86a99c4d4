using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Trace;

/// <summary><c>trace</c>: sends one packet and shows its path through the kernel.</summary>
internal static class TraceCommand
{
    private const string ServicePrefix = "service:";

    public static Command Build(Shell shell)
    {
        var source = new Argument<string>("source")
        {
            HelpName = "SRC",
            Description = "namespace/pod, namespace/workload (its first pod by name), or node: where the packet is sent"
        };
        var destination = new Argument<string>("destination")
        {
            HelpName = "DST",
            Description = "namespace/pod, namespace/workload (its first pod by name), an IP address, "
                + "service:namespace/name, or node"
        };
        var (ns, port, family, output, daemon) = (
            Settings.Namespace(), Settings.Port("TCP 80"), Settings.Family(), Settings.Output("table", "json"),
            new DaemonChoice(shell));
        var command = new HelpfulCommand(
            "trace",
            "Sends one packet and tells what became of it: interface, bridge, chains and rules, with times, "
                + "from the kernel's own trace.")
        {
            Examples =
            [
                ("dataplane trace shop/front shop/db --port tcp/5432", "each step, and the verdict"),
                ("dataplane trace shop/front service:shop/db --port tcp/80", "which backend was chosen, and its way"),
                ("dataplane trace ops/intruder shop/db -p icmp -o json", "for scripts: exit 1 when it is denied"),
            ],
            Exits =
            [
                (0, "it arrived"),
                (1, "it was denied, or refused for want of a backend"),
                (2, "wrong command line"),
                (3, "no such pod, or no packet can go from one to the other"),
                (4, "no daemon, or no permission"),
                (5, "the kernel refused to trace"),
                (6, "neither arrival nor drop was seen")
            ],
        };
        command.Add(source);
        command.Add(destination);
        foreach (var option in (Option[])[ns, port, family, output]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var probe = parsed.GetValue(port) ?? Probes.Fallback;
            int? only = parsed.GetValue(family) switch
            {
                AddressFamily.InterNetwork => 4,
                AddressFamily.InterNetworkV6 => 6,
                _ => null
            };
            var from = ObjectNames.Endpoint(parsed.GetRequiredValue(source), parsed.GetValue(ns));
            var to = Destination(parsed.GetRequiredValue(destination), parsed.GetValue(ns));
            using var client = daemon.Connect(parsed);
            var answer = client.Post(ApiPaths.Trace,
                new TraceRequest(
                    from,
                    to,
                    probe.ToString().Replace(' ', ':'),
                    only),
                ApiJson.Default.TraceRequest, ApiJson.Default.TraceResponse);
            TellWorkload(shell, from, answer.From);
            TellWorkload(shell, to, answer.To);
            if (parsed.GetRequiredValue(output) == "json")
                shell.WriteJson(json => JsonSerializer.Serialize(json, answer, ApiJson.Default.TraceResponse));
            else TraceText.Write(shell.Out, shell.OutColours, answer);
            return answer.Verdict switch
            {
                "allowed" => ExitCodes.Yes,
                "denied" or "refused" => ExitCodes.No,
                _ => ExitCodes.Undecided
            };
        });
        return command;
    }

    /// <summary>A Service of one namespace keeps its prefix.</summary>
    private static string Destination(string name, string? ns) =>
        name.StartsWith(ServicePrefix, StringComparison.Ordinal)
            ? ServicePrefix + ObjectNames.Endpoint(name[ServicePrefix.Length..], ns) : ObjectNames.Endpoint(name, ns);

    /// <summary>A name of another pod than the one that was traced is that of its workload.</summary>
    private static void TellWorkload(Shell shell, string asked, string answered)
    {
        if (EndpointNames.TryParseAddress(asked, out _) || asked == NodeEndpoint.Word
            || answered.StartsWith(ServicePrefix, StringComparison.Ordinal))
        {
            return;
        }
        var name = ObjectNames.FullName(asked, null);
        if (name != answered) PodNames.TellFirst(shell, name, answered);
    }
}
