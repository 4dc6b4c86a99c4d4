using System.Globalization;
using Dataplane.Api;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Flows;

/// <summary>
/// Prints the flow log as text. Columns have fixed widths, because each line is printed as it arrives; a longer value
/// moves the following columns.
/// </summary>
internal static class FlowLine
{
    private const int Ends = 28;

    public static void WriteHeader(Printer output) =>
        WriteRow(output, "TIME", "SOURCE", "DESTINATION", "PROTO", "VERDICT", "DIR", "POLICY (file:line)");

    public static void Write(Printer output, Ansi colours, FlowEntry entry)
    {
        var time = entry.Time.ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        if (entry.Verdict == "lost")
        {
            output.WriteLine($"{time}  "
                + $"{colours.Yellow($"{entry.Count} entries could not be told: more came than are logged")}");
            return;
        }
        var allowed = entry.Verdict == "allowed";
        var word = Words.Verdict(allowed);
        WriteRow(
            output,
            time,
            Place.Of(entry.From ?? "?", entry.SourcePort),
            Place.Of(entry.To ?? "?", entry.Port),
            entry.Protocol ?? "?",
            allowed ? colours.Green(word) : colours.Red(word),
            entry.Direction ?? "",
            Why(entry));
    }

    private static string Why(FlowEntry entry)
    {
        var parts = new List<string>();
        if (entry.Policy is { } policy) parts.Add(entry.File is null ? policy : $"{policy}  {entry.File}:{entry.Line}");
        else if (entry.Reason is { } reason) parts.Add(reason);
        if (entry.Service is { } service) parts.Add($"by service:{service}");
        if (entry is { Verdict: "denied", Port: 53, Direction: "egress" }) parts.Add("DNS: allow UDP and TCP 53");
        if (entry.Probe is true) parts.Add("(probe)");
        if (entry.Count > 1) parts.Add($"{entry.Count} times");
        return string.Join("  ", parts);
    }

    private static void WriteRow(Printer output, params Painted[] cells)
    {
        var row = new Columns(12, Ends, Ends, 5, 7, 7);
        row.Add(cells);
        row.WriteTo(output);
    }
}
