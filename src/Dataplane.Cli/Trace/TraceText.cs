using System.Globalization;
using Dataplane.Api;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;
namespace Dataplane.Cli.Trace;

internal static class TraceText
{
    public static void Write(Printer output, Ansi colours, TraceResponse answer)
    {
        var rows = new Columns();
        rows.Add("#", "time", "where", "what");
        foreach (var (step, i) in answer.Steps.Select((s, i) => (s, i)))
        {
            rows.Add(
                $"{i + 1}",
                string.Create(CultureInfo.InvariantCulture, $"{step.Microseconds / 1000:0.000} ms"),
                step.Where,
                step.What);
        }
        rows.WriteTo(output);
        var verdict = answer.Verdict switch
        {
            "allowed" => colours.Green(Words.Verdict(true)),
            "denied" => colours.Red(Words.Verdict(false)),
            "refused" => colours.Red(Words.Verdict(Outcome.Refused)),
            _ => colours.Yellow(Words.Verdict(null)),
        };
        output.WriteLine($"\n{verdict}   {answer.From} → {answer.To}   "
            + $"{answer.Protocol}{(answer.Port == 0 ? "" : $" {answer.Port}")} · {answer.Family}   {answer.Evidence}");
    }
}
