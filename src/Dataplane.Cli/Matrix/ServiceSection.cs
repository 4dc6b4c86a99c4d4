using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Matrix;

/// <summary>The part of a matrix that is about Services. Without Services it writes nothing.</summary>
internal static class ServiceSection
{
    private static readonly string[] Heads = ["service", "port", "verdict", "from", "backends"];

    public static void WriteJson(Utf8JsonWriter json, IReadOnlyList<ServiceMatrix> matrices)
    {
        if (matrices.Count == 0) return;
        json.WriteStartArray("services");
        foreach (var matrix in matrices)
        {
            json.WriteStartObject();
            json.WriteString("service", matrix.Service.Name);
            json.WriteNumber("port", matrix.Probe.Port);
            json.WriteString("protocol", matrix.Probe.Protocol.Text());
            json.WriteString("family", matrix.Family.Text());
            if (matrix.Address is { } address) json.WriteString("address", address.ToString());
            json.WriteStartObject("matrix");
            foreach (var row in matrix.Rows)
            {
                json.WriteStartObject(row.From.Name);
                json.WriteString("verdict", Words.Value(row.Outcome));
                json.WriteStartObject("backends");
                foreach (var (name, allowed) in row.Backends) json.WriteString(name, Words.Value(allowed));
                json.WriteEndObject();
                if (row.Ways.Count > 0)
                {
                    json.WriteStartObject("frontends");
                    foreach (var (name, outcome) in row.Ways) json.WriteString(name, Words.Value(outcome));
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    public static void WriteCsv(Printer output, IReadOnlyList<ServiceMatrix> matrices)
    {
        foreach (var matrix in matrices)
        {
            var port = matrix.Address?.Port ?? matrix.Probe.Port;
            var start = $"{matrix.Probe.Protocol.Text()},{port},{matrix.Family.Text()}";
            var to = matrix.Address?.Address.ToString() ?? ServiceReach.NameOf(matrix.Service);
            foreach (var row in matrix.Rows)
            {
                output.WriteLine($"{start},{Csv.Field(row.From.Name)},"
                    + $"{Csv.Field(to)},{Words.Value(row.Outcome)}");
            }
        }
    }

    public static void WriteMarkdown(Printer output, IReadOnlyList<ServiceMatrix> matrices, bool isAlone)
    {
        if (matrices.Count == 0) return;
        if (!isAlone) output.WriteLine();
        output.WriteLine("### Services");
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", Heads)} |");
        output.WriteLine($"|{string.Concat(Heads.Select(_ => "---|"))}");
        foreach (var line in Lines(matrices))
        {
            output.WriteLine($"| {Markdown.Cell(line.Service)} | {line.Port} | {Words.Verdict(line.Outcome)} "
                + $"| {Markdown.Cell(line.From)} | {Markdown.Cell(line.Backends)} |");
        }
    }

    /// <summary>Sources that reach the same are one line, as are families.</summary>
    /// <param name="isAlone">Nothing is printed before it.</param>
    public static void WriteTable(Printer output, Ansi colours, IReadOnlyList<ServiceMatrix> matrices, bool isAlone)
    {
        if (matrices.Count == 0) return;
        if (!isAlone) output.WriteLine();
        output.WriteLine($"{colours.Bold("Services")}");
        var columns = new Columns();
        columns.Add(Heads[0], Heads[1], Heads[2], Heads[3], Heads[4]);
        foreach (var line in Lines(matrices))
            columns.Add(line.Service, line.Port, WhyText.Verdict(line.Outcome, colours), line.From, line.Backends);
        columns.WriteTo(output);
    }

    private static IEnumerable<(string Service, string Port, Outcome Outcome, string From, string Backends)> Lines(
        IReadOnlyList<ServiceMatrix> matrices) =>
        from same in matrices.SelectMany(m => m.Rows, (m, row) => (Matrix: m, Row: row, Backends: Text(row)))
            .GroupBy(r => (r.Matrix.Service, Port: Port(r.Matrix), r.Row.From, r.Row.Outcome, r.Backends))
            .GroupBy(g => (g.Key.Service, g.Key.Port, g.Key.Outcome, g.Key.Backends,
                Families: string.Join('+', g.Select(r => r.Matrix.Family).Order())))
        let key = same.Key
        select (key.Service.Name, $"{key.Port}{FamilyOf(same.First().Select(r => r.Matrix.Family))}", key.Outcome,
            string.Join(", ", same.Select(g => g.Key.From.Name)), key.Backends);

    /// <summary>The Service's; with the address where that is asked about.</summary>
    private static string Port(ServiceMatrix matrix) =>
        matrix.Address is { } address ? $"{matrix.Probe} at {address}" : $"{matrix.Probe}";

    /// <summary>Named where it is one of two that differ, or the only one.</summary>
    private static string FamilyOf(IEnumerable<AddressFamily> families) =>
        families.Distinct().ToList() is [var only] ? $" {only.Text()}" : "";

    /// <summary>The backends in words; with a sign where they differ.</summary>
    private static string Text(ServiceRow row) => row.Backends.Count == 0 ? "none"
        : string.Join(", ", row.Backends.Select(b => row.Outcome != Outcome.Partial ? b.Name
            : $"{MatrixTable.Sign(b.Allowed ? Cell.Allowed : Cell.Denied)} {b.Name}"))
            + string.Concat(row.Ways.Where(w => w.Outcome is Outcome.Denied or Outcome.Refused
                && row.Outcome == Outcome.Partial).Select(w => $"; not by {w.Name}"));
}
