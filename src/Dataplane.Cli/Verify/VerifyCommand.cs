using System.CommandLine;
using System.Text.Json;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Page;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Verification;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Verify;

/// <summary><c>verify</c>: compares the verdicts of the policies with real packets.</summary>
internal static class VerifyCommand
{
    private const int DefaultSeed = 1;

    public static Command Build(Shell shell)
    {
        var input = new ClusterChoice(shell);
        var (probes, externals, family) = (Settings.Probes(), Settings.Externals(), Settings.Family());
        var backend = Settings.OneOf("--backend", null, "What enforces the policies", ["nftables"]);
        var (sample, seed) = (Settings.Sample(), Settings.Seed());
        var pcap = new Option<string>("--pcap")
        {
            HelpName = "FILE",
            Description = "Keep the captured packets (pcapng)"
        };
        var (allowEmpty, output) = (Emptiness.Allowed(), Settings.Output("table", "json", "junit", "html"));
        var command = new HelpfulCommand("verify",
            "Proves the policies with packets. With -f: makes the pods in a private node, enforces the policies, sends "
                + "every probe between every pair, compares, and removes everything; the host's network is not "
                + "touched. Without: the daemon's own pods, beside their traffic.")
        {
            Examples =
            [
                ("sudo dataplane verify -f manifests/",
                    "every pod to every pod, for every port that a pod declares or a policy names"),
                ("sudo dataplane verify -f manifests/ --probe TCP:80 --probe SCTP:132 --external 172.17.5.9",
                    "other probes, and an address outside"),
                ("dataplane verify", "the pods that the daemon has attached, as they are now"),
                ("dataplane verify --sample 20000",
                    "of a cluster too large for every pair: still every decision that was compiled"),
                ("sudo dataplane verify -f manifests/ -o junit > verify.xml", "in CI"),
                ("sudo dataplane verify -f manifests/ -o html > report.html",
                    "a page with every flow and its reason, to open and to attach"),
                ("sudo dataplane verify -f manifests/ --pcap evidence.pcapng", "with the packets, for wireshark"),
            ],
            Exits =
            [
                (0, "every flow does what the policies say"),
                (1, "at least one flow does not, or there is no flow"),
                (2, "wrong command line"),
                (3, "manifests rejected or unreadable"),
                (4, "not root; or no -f, and no daemon to ask"),
                (5, "the kernel refused"),
                (6, "undecided, or a control failed"),
                (130, "interrupted; everything is removed"),
            ],
            Remarks =
            [
                "ICMP has no port: JSON says port 0.",
                "Of more than 20 endpoints the table is what differs, and a summary by namespace.",
                "A sample says how many flows and how many compiled decisions there are, and how many it covers; all "
                    + "flows of one decision are looked up alike in the kernel.",
            ],
        };
        input.AddTo(command);
        foreach (var option in (Option[])[probes, externals, family, sample, seed, backend, pcap, allowEmpty, output])
            command.Add(option);
        command.SetAction(parsed =>
        {
            var pcapFile = parsed.GetValue(pcap);
            RequireDirectory(pcapFile);
            if (parsed.GetValue(seed) is not null && parsed.GetValue(sample) is null)
                throw new CommandFailure(ExitCodes.Usage, "--seed is for --sample N");
            Sampling? sampling = parsed.GetValue(sample) is { } count
                ? new Sampling(count, parsed.GetValue(seed) ?? DefaultSeed)
                : null;
            if (!input.IsGiven(parsed)) return VerifyLive(parsed, sampling);
            Privilege.Require(shell, "verify");
            var loaded = input.Load(parsed);
            var (cluster, node) = loaded;
            var outside = ExternalInput.Resolve(cluster, parsed.GetValue(externals));
            var only = parsed.GetValue(family);
            // A sample is small whatever it is taken from.
            var asked = AskedProbes.Of(
                shell, parsed.GetValue(probes), cluster, outside.Count, only,
                sampling is null ? DefaultProbes.MostSent : long.MaxValue);
            // Without a flow there is nothing to make a node for.
            var report = ReachabilityMatrix.Families(cluster, only).Count == 0 ? VerifyReport.Empty
                : VerifyRun.Run(shell, cluster, node, asked, outside, only, pcapFile, sampling);
            return Answer(parsed, loaded, report, manifests: true);
        });
        return command;

        int VerifyLive(ParseResult parsed, Sampling? sampling)
        {
            ClusterChoice.RefuseWithoutManifests(parsed, externals, backend, pcap);
            input.RefuseNamespace(parsed);
            var loaded = input.Load(parsed);
            using var client = input.Connect(parsed);
            var report = LiveVerification.Run(
                client, loaded.Cluster, parsed.GetValue(probes) ?? [], parsed.GetValue(family), sampling);
            VerifyRun.Warn(shell, report);
            return Answer(parsed, loaded, report, manifests: false);
        }

        int Answer(ParseResult parsed, ClusterInput loaded, VerifyReport report, bool manifests)
        {
            var format = parsed.GetRequiredValue(output);
            if (report.Count > 0 || report.ControlFailure is not null)
            {
                Write(parsed, loaded, report, format, null);
                return VerifyRun.ExitCode(report);
            }
            var reason = Emptiness.Reason(loaded.Cluster, parsed.GetValue(family), manifests);
            var allowed = parsed.GetValue(allowEmpty);
            Write(parsed, loaded, report, format, allowed ? null : $"nothing to check: {reason}");
            return Emptiness.Report(shell, reason, allowed);
        }

        void Write(ParseResult parsed, ClusterInput loaded, VerifyReport report, string format, string? nothing)
        {
            if (format != "html")
            {
                VerifyCommand.Write(shell, loaded.Cluster, report, format, nothing);
                return;
            }
            var head = new PageDocument("verify", CommandText.Of(parsed), CommandText.Input(input.Paths(parsed)))
            {
                Notes = nothing is null ? [] : [nothing],
            };
            PageHtml.Write(shell, VerifyPage.Of(
                new PageBuilder(loaded.Cluster, loaded.Sources), head, loaded.Cluster, report));
        }
    }

    /// <summary>Checks the directory before any work; the file itself is created with the capture.</summary>
    private static void RequireDirectory(string? pcapFile)
    {
        if (pcapFile is null) return;
        if (Directory.Exists(pcapFile)) throw new CommandFailure(ExitCodes.Usage, $"--pcap {pcapFile}: is a directory");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(pcapFile))))
            throw new CommandFailure(ExitCodes.Usage, $"--pcap {pcapFile}: no such directory");
    }

    /// <param name="nothing">Why a run without a flow fails; null: it does not.</param>
    private static void Write(Shell shell, Cluster cluster, VerifyReport report, string format, string? nothing)
    {
        switch (format)
        {
            case "json":
                shell.WriteJson(json =>
                    JsonSerializer.Serialize(
                        json, VerifyData.ToDocument(cluster, report), Documents.Default.VerifyDocument));
                break;
            case "junit":
                VerifyData.WriteJUnit(shell.Out, cluster, report, nothing);
                break;
            default:
                VerifyTable.Write(shell.Out, shell.OutColours, shell.Width, cluster, report);
                break;
        }
    }
}
