using System.CommandLine;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Read;

/// <summary><c>read</c>: prints a capture file with the verdicts of the policies on its packets.</summary>
internal static class ReadCommand
{
    public static Command Build(Shell shell)
    {
        var file = new Argument<string>("file")
        {
            HelpName = "FILE",
            Description = "A capture: pcap or pcapng; - is standard input",
        };
        var (manifests, networks) = (new ManifestChoice(greedy: false), new NetworkOptions());
        var output = Settings.Output("table", "json");
        var command = new HelpfulCommand("read",
            "The packets of a capture file with names of pods, what the policies of -f say of each, and a summary by "
                + "flow. Offline, without root.")
        {
            Examples =
            [
                ("dataplane read db.pcapng -f manifests/",
                    "what capture, verify --pcap or tcpdump have written, judged by the policies"),
                ("dataplane read trace.pcap", "without manifests: packets and flows by address"),
                ("dataplane read db.pcapng -f manifests/ -o json | jq '.flows[] | select(.verdict == \"denied\")'",
                    "for scripts"),
                ("tcpdump -i any -c 100 -w - | dataplane read - -f manifests/", "from a pipe"),
            ],
            Exits =
            [
                (0, "answered"), (2, "wrong command line, or libpcap is missing"),
                (3, "the capture cannot be read or is damaged, or the manifests are rejected"),
            ],
            Remarks =
            [
                "Pods have the addresses of their status.podIPs, or those that matrix and why give them. Replies are\n"
                    + "judged as the flow they belong to, which the first packet opens. A "
                        + "damaged capture is read up to\n"
                    + "the damage, and the exit code is 3.",
                "JSON: {\"packets\":[...],\"flows\":[...]}, packets in the order of the file. "
                    + "Without -f, and where no\n"
                    + "policy is asked (groups, link-local addresses, neighbour discovery), there is no verdict.",
            ],
        };
        command.Add(file);
        manifests.AddTo(command);
        foreach (var option in (Option[])[.. networks.All, output]) command.Add(option);
        command.SetAction(parsed =>
        {
            var reading = manifests.Of(parsed);
            if (!reading.IsGiven
                && networks.All.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false }) is { } given)
            {
                throw Usage($"{given.Name} is for manifests, with -f PATH");
            }
            var path = parsed.GetRequiredValue(file);
            if (path == "-" && reading.Paths.Contains("-"))
                throw Usage("standard input is one file: the capture, or manifests");
            var node = networks.Of(parsed);
            var cluster = reading.IsGiven ? ClusterInput.Load(shell, reading, node).Cluster : null;
            using var capture = CaptureFile.Open(path);
            Print(shell, capture, cluster, parsed.GetRequiredValue(output));
            return ExitCodes.Yes;
        });
        return command;
    }

    private static CommandFailure Usage(string fault) => new(ExitCodes.Usage, fault);

    /// <exception cref="CommandFailure">The file is damaged; the packets before the damage are printed.</exception>
    private static void Print(Shell shell, CaptureFile capture, Cluster? cluster, string format)
    {
        var addresses = new AddressBook(cluster);
        var flows = new FlowBook(addresses);
        CommandFailure? damage = null;
        var packets = Packets();
        if (format == "json")
        {
            shell.WriteJson(json => ReadJson.Write(json, packets, flows));
        }
        else
        {
            var table = new ReadTable(shell.Out, shell.OutColours, cluster is not null);
            table.WriteHeader();
            foreach (var packet in packets) table.Write(packet);
            table.WriteSums(flows);
            shell.Out.Flush();
        }
        if (damage is not null) throw damage;

        IEnumerable<PacketRecord> Packets()
        {
            while (!shell.ReaderIsGone && Next()) yield return PacketRecord.Of(capture, flows, addresses);
        }

        bool Next()
        {
            try
            {
                return capture.Next();
            }
            catch (CommandFailure failure)
            {
                damage = failure;
                return false;
            }
        }
    }
}
