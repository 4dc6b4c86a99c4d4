using System.CommandLine;
using System.Text.Json;
using Dataplane.Cli.Input;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Suggestions;

namespace Dataplane.Cli.Why;

/// <summary><c>why</c>: explains a flow by every policy that decided.</summary>
internal static class WhyCommand
{
    public static Command Build(Shell shell)
    {
        var source = new Argument<string>("source")
        {
            HelpName = "SRC",
            Description =
                "namespace/pod, namespace/workload (all of its pods), either name with -n, an IP address, node,\nor "
                    + "namespace/{app=x,tier=y}: a pod with these labels that is not loaded"
        };
        var destination = new Argument<string>("destination")
        {
            HelpName = "DST", Description = "The same, or service:namespace/name"
        };
        // A greedy -f would take SRC and DST as paths if it precedes them.
        var (input, family) = (new ClusterChoice(shell, greedy: false), Settings.Family());
        var port = Settings.Port();
        var assumptions = new Assumptions();
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
                ("dataplane why shop/front service:shop/db -f manifests/",
                    "by a Service: where its packets go, and each backend with both sides"),
                ("dataplane why 192.0.2.7 shop/front -f manifests/",
                    "from outside, on every port that shop/front declares"),
                ("dataplane why shop/front shop/cache --suggest -f manifests/",
                    "and what to edit so that it is allowed (or, if it is, denied)"),
                ("dataplane why 'ingress/{app=proxy}' shop/front --assume-namespace ingress:team=edge -f manifests/",
                    "from a pod that lives elsewhere"),
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
                "The pods of a workload share an answer when their verdicts are the same; where they differ, each "
                    + "difference is an answer, and the pods are listed (`pairs`).",
            ],
        };
        foreach (var argument in (Argument[])[source, destination]) command.Add(argument);
        command.Add(port);
        input.AddTo(command);
        assumptions.AddTo(command);
        foreach (var option in (Option[])[expect, suggest, family, output]) command.Add(option);
        command.SetAction(parsed =>
        {
            var loaded = input.Load(parsed);
            var names = assumptions.Names(parsed, loaded.Cluster, loaded.Node.PodNetworks, input.Namespace(parsed));
            var from = Found(names.Find(parsed.GetRequiredValue(source)));
            if (Service(names, parsed.GetRequiredValue(destination)) is { } service)
            {
                if (!input.IsQuiet(parsed)) Assumptions.Tell(shell, names.Notes());
                return Answered(parsed, ServiceWhyQuestion.Ask(
                    names.Cluster, from, service, parsed.GetValue(port), parsed.GetValue(family)));
            }
            var to = Found(names.Find(parsed.GetRequiredValue(destination), isDestination: true));
            if (!input.IsQuiet(parsed)) Assumptions.Tell(shell, names.Notes());
            var cluster = names.Cluster;
            var named = parsed.GetValue(port);
            var addressed = ServiceWhyQuestion.At(cluster, from, to, named, parsed.GetValue(family));
            if (addressed.Count > 0)
            {
                if (!input.IsQuiet(parsed)) Assumptions.Tell(shell, ServiceWhy.Notes(addressed));
                return Answered(parsed, addressed);
            }
            if (HostPortQuestion.Of(cluster, to, named, parsed.GetValue(family)) is { } hostPort)
            {
                if (!input.IsQuiet(parsed)) Assumptions.Tell(shell, [hostPort.Note]);
                (to, named) = (EndpointGroup.Of(hostPort.Pod), hostPort.Target);
            }
            var question = new WhyQuestion(cluster, from, to, parsed.GetValue(family));
            var asked = named is { } probe ? [probe] : question.DefaultProbes;
            IReadOnlyList<WhyAgreement> answers = [.. asked.Select(question.Ask)];
            if (parsed.GetValue(suggest))
            {
                answers = [.. answers.Select(agreement => agreement with
                {
                    Answers = [.. agreement.Answers.Select(answer => Suggest(cluster, answer))],
                })];
            }
            Write(shell, answers, parsed.GetRequiredValue(output));
            return parsed.GetValue(expect) is { } want ? Judge(shell, answers, want == "allow") : ExitCodes.Yes;
        });
        return command;

        int Answered(ParseResult parsed, IReadOnlyList<ServiceAnswered> found)
        {
            if (parsed.GetValue(suggest))
                throw new CommandFailure(ExitCodes.Usage, "--suggest: ask for a pod behind the Service");
            ServiceWhy.Write(shell, found, parsed.GetRequiredValue(output));
            return parsed.GetValue(expect) is not { } wanted ? ExitCodes.Yes
                : ServiceWhy.Judge(shell, found, wanted == "allow" ? Outcome.Allowed : Outcome.Denied);
        }
    }

    /// <summary>The Service that the destination means; null: it means none.</summary>
    private static PlacedService? Service(QuestionNames names, string text)
    {
        var service = names.Service(text, out var error);
        return error is null ? service : throw new CommandFailure(ExitCodes.Usage, error);
    }

    private static EndpointGroup Found(GroupResolution resolution) =>
        resolution.Group ?? throw new CommandFailure(ExitCodes.Usage, resolution.Error!);

    private static WhyAnswer Suggest(Cluster cluster, WhyAnswer answer) => answer with
    {
        Suggestions = FamilySuggestion.Find(cluster, answer.Explanation.Flow, answer.Families, !answer.Allowed),
    };

    private static void Write(Shell shell, IReadOnlyList<WhyAgreement> agreements, string format)
    {
        if (format == "json")
        {
            IReadOnlyList<WhyDocument> documents =
                [.. agreements.SelectMany(a => a.Answers).Select(a => a.ToDocument())];
            shell.WriteJson(json =>
            {
                if (documents is [var only]) JsonSerializer.Serialize(json, only, Documents.Default.WhyDocument);
                else JsonSerializer.Serialize(json, documents, Documents.Default.IReadOnlyListWhyDocument);
            });
            return;
        }
        var isFirst = true;
        foreach (var agreement in agreements)
        {
            if (!isFirst) shell.Out.WriteLine();
            if (!agreement.IsAgreed) WhyText.WriteDifference(shell.Out, shell.OutColours, agreement);
            foreach (var (i, answer) in agreement.Answers.Index())
            {
                if (i > 0) shell.Out.WriteLine();
                WhyText.Write(shell.Out, shell.OutColours, answer);
            }
            isFirst = false;
        }
    }

    private static int Judge(Shell shell, IReadOnlyList<WhyAgreement> agreements, bool want)
    {
        var answers = agreements.SelectMany(a => a.Answers).ToList();
        if (answers.TrueForAll(a => a.Allowed == want)) return ExitCodes.Yes;
        var other = answers.First(a => a.Allowed != want);
        var where = other.IsOfGroup || agreements.Any(a => !a.IsAgreed)
            ? $" from {other.Explanation.Flow.From.Name} to {other.Explanation.Flow.To.Name}"
            : "";
        shell.Error.WriteLine($"expected {Words.Verdict(want)}, but {other.Explanation.Flow.Probe}{where} over "
            + $"{Words.Families(other.Families)} is {Words.Verdict(!want)}");
        return ExitCodes.No;
    }
}
