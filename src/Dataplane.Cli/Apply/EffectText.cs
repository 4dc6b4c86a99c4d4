using System.Text.Json;
using Dataplane.Api;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Diff;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Policy.Diff;

namespace Dataplane.Cli.Apply;

/// <summary>Prints the flows that a dry run would open and close, and the warnings about the whole state.</summary>
internal static class EffectText
{
    /// <summary>Largest number of lines for flows; <c>diff</c> has all of them.</summary>
    private const int MostFlows = 40;

    /// <summary>Largest number of warnings, a line each; <c>validate</c> has all of them, with remedies.</summary>
    private const int MostWarnings = 10;

    public static void WriteFlows(Shell shell, ClusterDiff diff)
    {
        List<string> lines =
        [
            .. diff.Closed.Concat(diff.Exposure.Closed).Select(flow => $"would close: {Line(flow)}"),
            .. diff.Opened.Concat(diff.Exposure.Opened).Select(flow => $"would open: {Line(flow)}"),
        ];
        foreach (var line in lines.Take(MostFlows)) shell.Out.WriteLine(line);
        if (lines.Count > MostFlows)
            shell.Error.WriteLine($"{lines.Count - MostFlows} more groups of flows; dataplane diff shows them all");
        if (lines.Count == 0) shell.Error.WriteLine("no flow would open or close");
    }

    /// <param name="given">Names of the files that were given, whose warnings come first.</param>
    public static void WriteWarnings(Shell shell, IReadOnlyList<Diagnostic> warnings, IReadOnlySet<string> given)
    {
        foreach (var warning in warnings.OrderBy(w => !given.Contains(w.Position.File)).Take(MostWarnings))
        {
            shell.Error.WriteLine($"{shell.ErrorColours.Yellow($"warning[{warning.Code}]")}: {warning.Message}  "
                + $"({warning.Position.File}:{warning.Position.Line})");
        }
        var left = warnings.Count - MostWarnings;
        if (left > 0) shell.Error.WriteLine($"{Words.Count(left, "more warning")} about the whole state");
        if (warnings.Count > 0)
            shell.Error.WriteLine("dataplane validate explains warnings, with their remedies");
    }

    /// <summary>Writes the daemon's answer with the members <c>flows</c> and <c>warnings</c>.</summary>
    public static void WriteJson(Utf8JsonWriter json, ChangeResponse answer, ChangeEffect effect)
    {
        json.WriteStartObject();
        var written = JsonSerializer.SerializeToElement(answer, ApiJson.Default.ChangeResponse);
        foreach (var member in written.EnumerateObject()) member.WriteTo(json);
        if (effect.Flows is { } flows)
        {
            json.WriteStartObject("flows");
            DiffJson.Flows(json, flows);
            json.WriteEndObject();
        }
        json.WritePropertyName("warnings");
        JsonSerializer.Serialize(
            json,
            DiagnosticData.ToDocument(effect.Warnings).Diagnostics,
            Documents.Default.IReadOnlyListDiagnosticDocument);
        json.WriteEndObject();
    }

    private static string Line(FlowChange flow) =>
        $"{DiffTable.Shorten(flow.FromText)} -> {DiffTable.Shorten(flow.ToText)} {flow.PortsText}"
            + (flow.Families.Count > 1 ? "" : $" over {Words.Families(flow.Families)}");
}
