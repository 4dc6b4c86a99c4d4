using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Options;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Apply;

/// <summary>Prints the result of apply and delete: objects and cut connections on stdout, the rest on stderr.</summary>
internal static class ChangeText
{
    /// <param name="loaded">The manifests whose diagnostics are already printed; these are not repeated.</param>
    /// <param name="effect">What the change does to the whole state; null: it is not shown.</param>
    /// <param name="remarks">What is said beside the answer.</param>
    public static void Write(
        Shell shell, ChangeResponse answer, LoadResult? loaded, ChangeEffect? effect, Remarks remarks, string format)
    {
        var news = DiagnosticData.FromDaemon(answer.Diagnostics)
            .Where(d =>
                loaded?.Diagnostics.Any(known =>
                    (known.Code, known.Position, known.Message) == (d.Code, d.Position, d.Message)) is not true);
        DiagnosticPages.Write(shell, [.. news], loaded?.Sources ?? new Dictionary<string, SourceText>(), remarks);
        if (format == "json")
        {
            shell.WriteJson(json =>
            {
                if (effect is null) JsonSerializer.Serialize(json, answer, ApiJson.Default.ChangeResponse);
                else EffectText.WriteJson(json, answer, effect);
            });
        }
        else
        {
            WriteLines(shell, answer);
            if (effect?.Flows is { } flows) EffectText.WriteFlows(shell, flows);
            var given = loaded?.Sources.Keys.ToHashSet() ?? [];
            if (effect is not null && !remarks.IsQuiet)
                EffectText.WriteWarnings(shell, remarks.Heeded(effect.Warnings), given);
        }
        if (answer is { Runtime: "none", DryRun: false, Attached.Count: > 0 } && !remarks.IsQuiet)
            shell.Error.WriteLine("note: nothing runs in the pods, since the daemon runs with --runtime none");
        foreach (var proof in answer.Proof)
            shell.Error.WriteLine($"proof: {proof.Flow} {proof.Verdict.ToUpperInvariant()}, {proof.Evidence}");
        foreach (var reason in answer.Unproven) shell.Error.WriteLine($"nothing to prove: {reason}");
    }

    private static void WriteLines(Shell shell, ChangeResponse answer)
    {
        var (output, colours) = (shell.Out, shell.OutColours);
        foreach (var change in answer.Objects)
        {
            output.WriteLine($"{KindNames.Named(change.Kind).Singular}/{change.Name} "
                + $"{Coloured(change.Change)}{(answer.DryRun ? " (dry run)" : "")}");
        }
        foreach (var cut in answer.Cut) output.WriteLine($"{(answer.DryRun ? "would cut" : "cut")}: {Line(cut)}");
        if (answer.Objects.Count == 0) shell.Error.WriteLine("nothing to change");

        Painted Coloured(string change) => change switch
        {
            "created" => colours.Green(change),
            "configured" => colours.Yellow(change),
            "deleted" => colours.Red(change),
            _ => colours.Dim(change),
        };
    }

    /// <summary><c>x/a:45250 -> x/b TCP 80</c>; the ports are left out for protocols without ports.</summary>
    private static string Line(CutFlow cut)
    {
        var (from, port) = cut.SourcePort == 0 ? (cut.From, "") : (Place.Of(cut.From, cut.SourcePort), $" {cut.Port}");
        return $"{from} -> {cut.To} {cut.Protocol}{port}";
    }
}
