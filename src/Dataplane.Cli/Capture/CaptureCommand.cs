using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Capture;

/// <summary><c>capture</c>: writes a pod's packets to a pcapng file.</summary>
internal static class CaptureCommand
{
    public static Command Build(Shell shell)
    {
        var pod = new Argument<string>("pod") 
        {
            HelpName = "POD",
            Description = PodNames.Help,
        };
        var (ns, daemon) = (Settings.Namespace(), new DaemonChoice(shell, waits: false));
        var file = new Option<string>("--write", "-w")
        {
            HelpName = "FILE",
            Description = "Where to write the packets (pcapng); - is standard output, the "
                + "default where it is no terminal"
        };
        var count = new Option<int?>("--count")
        {
            HelpName = "N",
            Description = "End after so many packets; default: with Ctrl-C"
        };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var n) && n > 0))
                result.AddError($"--count {token.Value}: no number from 1 on");
        });
        var filter = new Option<string?>("--filter")
        {
            HelpName = Settings.FreeText,
            Description = "Only packets that match, as tcpdump would choose them (man pcap-filter); needs libpcap.\n"
                + "Packets of the drop log have an Ethernet header of zeros",
        };
        var command = new HelpfulCommand(
            "capture",
            "A pod's packets as they pass its port, each with its verdict in the packet's comment, as pcapng.")
        {
            Examples =
            [
                ("dataplane capture shop/db -w db.pcapng", "until Ctrl-C; the file is whole then"),
                ("dataplane capture shop/db --filter 'tcp port 5432' -w db.pcapng",
                    "only these packets; each keeps its verdict"),
                ("dataplane capture shop/db --count 100 -w - | tcpdump -nr -", "in a pipe"),
                ("ssh vm dataplane capture shop/db -w - | wireshark -k -i -", "watch from another machine"),
            ],
            Exits =
            [
                (0, "ended by --count, Ctrl-C, or who read it"),
                (1, "no such pod"),
                (2, "wrong command line, or a wrong filter"),
                (4, "no daemon, no permission, or it has ended"),
                (5, "the kernel refused")
            ],
        };
        command.Add(pod);
        foreach (var option in (Option[])[ns, file, count, filter]) command.Add(option);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file);
            if (path is null && shell.OutIsTerminal)
            {
                throw new CommandFailure(
                    ExitCodes.Usage,
                    "packets are nothing for a terminal: name a file with -w FILE, or pipe them to a program");
            }
            var name = ObjectNames.FullName(parsed.GetRequiredValue(pod), parsed.GetValue(ns));
            // The filter is compiled before any request and before the file is opened.
            var program = parsed.GetValue(filter) is { } expression ? PcapFilter.Compile(expression) : null;
            using var client = daemon.Connect(parsed);
            // A name that the daemon does not know is answered by the capture itself.
            name = PodNames.Find(shell, client.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse), name)?.Name ?? name;
            using var interruption = new Interruption();
            var packets = 0;
            try
            {
                using var source = program is null
                    ? client.Open(
                        $"{ApiPaths.Capture}?pod={Uri.EscapeDataString(name)}"
                            + $"{(parsed.GetValue(count) is { } n ? $"&count={n}" : "")}",
                        interruption.Token)
                    : client.Open(
                        ApiPaths.Capture,
                        new CaptureRequest(name, parsed.GetValue(count), null, program),
                        ApiJson.Default.CaptureRequest,
                        interruption.Token);
                // The file is opened after the request, so a refused capture does not overwrite it.
                using var target = path is null or "-" ? null : File.Create(path);
                var blocks = new PcapngBlocks(source, target ?? shell.Data);
                while (!shell.ReaderIsGone
                    && client.Guard(() => blocks.CopyOne(interruption.Token), interruption.Token))
                {
                    packets = blocks.Packets;
                }
            }
            catch (UnauthorizedAccessException)
            {
                throw new CommandFailure(ExitCodes.NoAccess, $"-w {path}: permission denied");
            }
            catch (Exception) when (interruption.Token.IsCancellationRequested)
            {
                // The user interrupted the command. Only complete blocks have been written.
            }
            shell.Error.WriteLine(Words.Count(packets, "packet"));
            return ExitCodes.Yes;
        });
        return command;
    }
}
