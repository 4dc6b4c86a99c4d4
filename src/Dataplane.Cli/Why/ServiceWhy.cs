using System.Text.Json;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Why;

/// <summary>Writes and judges the answers of <c>why</c> about a Service.</summary>
internal static class ServiceWhy
{
    public static void Write(Shell shell, IReadOnlyList<ServiceAnswered> answers, string format)
    {
        if (format == "json")
        {
            IReadOnlyList<ServiceWhyDocument> documents = [.. answers.Select(Document)];
            shell.WriteJson(json =>
            {
                if (documents is [var only])
                    JsonSerializer.Serialize(json, only, Documents.Default.ServiceWhyDocument);
                else JsonSerializer.Serialize(json, documents, Documents.Default.IReadOnlyListServiceWhyDocument);
            });
            return;
        }
        foreach (var (i, answer) in answers.Index())
        {
            if (i > 0) shell.Out.WriteLine();
            ServiceWhyText.Write(shell.Out, shell.OutColours, answer);
        }
    }

    /// <summary>That addresses were asked about, which are a Service's.</summary>
    public static IReadOnlyList<string> Notes(IReadOnlyList<ServiceAnswered> answers) =>
        [.. answers.Select(answer => answer.Reach.Answer.Frontend!)
            .Select(f => $"{f.Probe} at {f.Address} is {(f.Kind == FrontendKind.ExternalIP ? "an" : "a")} {f.Kind} of "
                + $"Service {f.Service.Name}: the answer is about that").Distinct()];

    /// <param name="want">Allowed or denied; a Service that refuses or allows in part is neither.</param>
    public static int Judge(Shell shell, IReadOnlyList<ServiceAnswered> answers, Outcome want)
    {
        if (answers.FirstOrDefault(answer => answer.Outcome != want) is not { } other) return ExitCodes.Yes;
        shell.Error.WriteLine($"expected {Words.Verdict(want)}, but {other.Reach.Probe} from {other.Reach.From.Name} "
            + $"over {Words.Families(other.Families)} is {Words.Verdict(other.Outcome)}");
        return ExitCodes.No;
    }

    private static ServiceWhyDocument Document(ServiceAnswered answer)
    {
        var reach = answer.Reach;
        return new ServiceWhyDocument(reach.From.Name, ServiceReach.NameOf(reach.Service),
            reach.Probe.Protocol.Text(), reach.Probe.Port, answer.Families[0].Text(),
            [.. answer.Families.Select(f => f.Text())], Words.Value(answer.Outcome),
            Document(reach.Answer.Frontend),
            [.. answer.Backends.OrderBy(b => b.Target.Name, StringComparer.Ordinal).Select(b => new BackendDocument(
                b.Target.Name, $"{b.Target.Backend.Address}", b.Target.Backend.Port, Words.Value(b.Allowed),
                b.Explanation is { } e ? [WhyAnswer.Side(e.Leaving), WhyAnswer.Side(e.Entering)] : []))])
        {
            Frontends = reach.Others.Count == 0 ? null : [.. reach.Ways.Select(way =>
                Document(way.Answer.Frontend)! with { Verdict = Words.Value(answer.OutcomeOf(way)) })],
        };
    }

    private static FrontendDocument? Document(ServiceFrontend? frontend) => frontend is null ? null
        : new FrontendDocument($"{frontend.Kind}", $"{frontend.Address}", frontend.Number,
            frontend.Service.Object.AffinitySeconds);
}
