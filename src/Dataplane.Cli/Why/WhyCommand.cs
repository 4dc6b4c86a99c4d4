using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Explanations;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Suggestions;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Why;

/// <summary><c>why</c>: explains a flow by every policy that decided.</summary>
internal static class WhyCommand
{
    public static Command Build(Shell shell)
    {
        var source = new Argument<string>("source")
        {
            HelpName = "SRC",
            Description = "namespace/pod, a pod with -n, an IP address, or node"
        };
        var destination = new Argument<string>("destination") { HelpName = "DST", Description = "The same" };
        // A greedy -f would take SRC and DST as paths if it precedes them.
        var (input, family) = (new ClusterChoice(shell, greedy: false), Settings.Family());
        var port = Settings.Port();
        var expect = Settings.OneOf("--expect", null, "Exit 1 unless every answer is this", ["allow", "deny"]);
        expect.DefaultValueFactory = null;
        expect.Description = "Exit 1 unless every answer is this";
        var suggest = new Option<bool>("--suggest")
        {
            Description = "Also the smallest edit that would turn the verdict round, checked with the edited policies"
        };
        var output = Settings.Output("table", "json");
        var command = new HelpfulCommand(
            "why",
            "Why a flow is allowed or denied: every policy that decided, with file and line. Of manifests or, "
                + "without -f, of the daemon.")
        {
            Examples =
            [
                ("dataplane why shop/front shop/db --port tcp/5432 -f manifests/",
                    "both sides: leaving the source, entering the destination"),
                ("dataplane why 192.0.2.7 shop/front -f manifests/",
                    "from outside, on every port that shop/front declares"),
                ("dataplane why shop/front shop/cache --suggest -f manifests/",
                    "and what to edit so that it is allowed (or, if it is, denied)"),
                ("dataplane why shop/front shop/db", "of what the daemon enforces"),
                ("dataplane why ops/intruder shop/db -p icmp -f manifests/ --expect deny",
                    "in a script: exit 1 if it is allowed"),
            ],
            Exits =
            [
                (0, "answered; with --expect: as expected"),
                (1, "--expect: not as expected"),
                (2, "wrong command line, no such pod, or no family in common"),
                (3, "manifests rejected or unreadable"),
                (4, "no -f, and no daemon to ask")
            ],
            Remarks =
            [
                "JSON: one object when there is one answer, else an array. IPv4 and IPv6 share an answer when the "
                    + "verdict is the same (`family` is the first, `families` all);\nICMP says port 0.",
            ],
        };
        foreach (var argument in (Argument[])[source, destination]) command.Add(argument);
        command.Add(port);
        input.AddTo(command);
        foreach (var option in (Option[])[expect, suggest, family, output]) command.Add(option);
        command.SetAction(parsed =>
        {
            var cluster = input.Load(parsed).Cluster;
            var (from, to) = (
                Resolve(cluster, parsed.GetRequiredValue(source), input.Namespace(parsed)),
                Resolve(cluster, parsed.GetRequiredValue(destination), input.Namespace(parsed)));
            if (from is ExternalEndpoint && to is ExternalEndpoint)
            {
                throw new CommandFailure(
                    ExitCodes.Usage, $"{from.Name} to {to.Name}: neither is a pod, so no policy applies");
            }
            var families = Families(from, to, parsed.GetValue(family));
            var answers = Asked(cluster, parsed.GetValue(port), from, to)
                .SelectMany(probe => Answers(cluster, from, to, probe, families))
                .ToList();
            if (parsed.GetValue(suggest))
            {
                answers = [
                    .. answers.Select(a => a with
                    {
                        Suggestions = FamilySuggestion.Find(cluster, a.Explanation.Flow, a.Families, !a.Allowed)
                    })
                ];
            }
            Write(shell, answers, parsed.GetRequiredValue(output));
            return parsed.GetValue(expect) is { } want ? Judge(shell, answers, want == "allow") : ExitCodes.Yes;
        });
        return command;
    }

    private static Endpoint Resolve(Cluster cluster, string text, string ns)
    {
        var resolution = EndpointNames.Resolve(cluster, text, ns);
        return resolution.Endpoint ?? throw new CommandFailure(ExitCodes.Usage, resolution.Error!);
    }

    private static List<AddressFamily> Families(Endpoint from, Endpoint to, AddressFamily? only)
    {
        var common = AddressFamilies.All.Where(f => from.AddressIn(f) is not null && to.AddressIn(f) is not null)
            .ToList();
        var asked = common.Where(f => only is null || f == only).ToList();
        if (asked.Count > 0) return asked;
        throw new CommandFailure(ExitCodes.Usage, common.Count == 0
            ? $"{from.Name} and {to.Name} have no address family in common"
            : $"{from.Name} and {to.Name} do not both have {only!.Value.Text()}");
    }

    private static IReadOnlyList<Probe> Asked(Cluster cluster, Probe? given, Endpoint from, Endpoint to) =>
        given is { } probe ? [probe] : DefaultProbes.Between(cluster, from, to);

    /// <summary>One answer for both address families if their verdicts are equal, otherwise one for each.</summary>
    private static IEnumerable<WhyAnswer> Answers(
        Cluster cluster, Endpoint from, Endpoint to, Probe probe, List<AddressFamily> families) =>
        families.Select(f => Explanation.Of(cluster, new Flow(from, to, probe, f)))
            .GroupBy(e => e.Verdict.Allowed)
            .Select(g => new WhyAnswer(g.First(), [.. g.Select(e => e.Flow.Family)], cluster.TierPolicies.Count > 0));

    private static void Write(Shell shell, List<WhyAnswer> answers, string format)
    {
        if (format == "json")
        {
            IReadOnlyList<WhyDocument> documents = [.. answers.Select(a => a.ToDocument())];
            shell.WriteJson(json =>
            {
                if (documents is [var only]) JsonSerializer.Serialize(json, only, Documents.Default.WhyDocument);
                else JsonSerializer.Serialize(json, documents, Documents.Default.IReadOnlyListWhyDocument);
            });
            return;
        }
        foreach (var (i, answer) in answers.Index())
        {
            if (i > 0) shell.Out.WriteLine();
            WhyText.Write(shell.Out, shell.OutColours, answer);
        }
    }

    private static int Judge(Shell shell, List<WhyAnswer> answers, bool want)
    {
        if (answers.TrueForAll(a => a.Allowed == want)) return ExitCodes.Yes;
        var other = answers.First(a => a.Allowed != want);
        shell.Error.WriteLine($"expected {Words.Verdict(want)}, but {other.Explanation.Flow.Probe} over "
            + $"{Words.Families(other.Families)} is {Words.Verdict(!want)}");
        return ExitCodes.No;
    }
}
