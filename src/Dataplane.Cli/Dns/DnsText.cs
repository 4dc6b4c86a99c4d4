using System.Globalization;
using System.Text.Json;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Dns;

/// <summary>Prints questions and their answers.</summary>
internal static class DnsText
{
    public static void Write(Shell shell, IReadOnlyList<DnsStep> steps, string format)
    {
        if (format == "json")
        {
            shell.WriteJson(json => JsonSerializer.Serialize(
                json, [.. steps.Select(Document)], Documents.Default.IReadOnlyListDnsDocument));
        }
        else if (steps.Any(s => s.Server is not null))
        {
            WriteAnswers(shell, steps);
        }
        else
        {
            WriteComputed(shell, steps);
        }
    }

    private static void WriteComputed(Shell shell, IReadOnlyList<DnsStep> steps)
    {
        var rows = new Columns();
        rows.Add("QUERY", "TYPE", "CODE", "ANSWER");
        foreach (var step in steps)
            rows.Add($"{step.Name}.", Type(step), step.Code, string.Join(", ", step.Records));
        rows.WriteTo(shell.Out);
    }

    private static void WriteAnswers(Shell shell, IReadOnlyList<DnsStep> steps)
    {
        var rows = new Columns();
        rows.Add("QUERY", "TYPE", "SERVER", "TIME", "CODE", "ANSWER");
        foreach (var step in steps)
        {
            rows.Add($"{step.Name}.", Type(step), $"{step.Server}{(step.ByTcp ? " (TCP)" : "")}",
                string.Create(CultureInfo.InvariantCulture, $"{step.Time.TotalMilliseconds:0.0} ms"), step.Code,
                step.Drop is { } drop ? Why(drop) : string.Join(", ", step.Records));
        }
        rows.WriteTo(shell.Out);
    }

    private static string Why(Api.FlowEntry drop) => drop.Policy is { } policy
        ? $"{drop.Direction}: {policy}{(drop.File is null ? "" : $"  {drop.File}:{drop.Line}")}" : drop.Reason ?? "";

    private static DnsDocument Document(DnsStep step) => new(step.Name, Type(step), step.Code, step.Records)
    {
        Server = step.Server?.ToString(),
        Transport = step.Server is null ? null : step.ByTcp ? "tcp" : "udp",
        Milliseconds = step.Server is null ? null : Math.Round(step.Time.TotalMilliseconds, 3),
        Policy = step.Drop?.Policy,
        Reason = step.Drop?.Reason,
        File = step.Drop?.File,
        Line = step.Drop?.File is null ? null : step.Drop.Line,
    };

    private static string Type(DnsStep step) => step.Kind.ToString().ToUpperInvariant();
}
