using System.Globalization;
using System.Text.Json;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Test;

/// <summary>Writes a test as JSON, TAP or JUnit XML.</summary>
internal static class TestData
{
    public static TestDocument ToDocument(TestReport report) => new(
        [.. report.Cases.SelectMany(c => c.Results, (c, r) => new ResultDocument(
            r.Name, r.WantText, Words.ValueOrUndecided(r.Got), r.Ok, r.Because, r.Position.File, r.Position.Line,
            c.Case.Step))],
        report.Passed, report.Failed, report.Undecided,
        report.Empty.Any() ? [.. report.Empty.Select(c => c.Title)] : null);

    /// <summary>Writes TAP version 14 (testanything.org).</summary>
    public static void WriteTap(Printer output, TestReport report)
    {
        output.WriteLine($"TAP version 14\n1..{report.Passed + report.Failed + report.Empty.Count()}");
        var number = 0;
        foreach (var (tested, results) in report.Cases)
        {
            output.WriteLine($"# {tested.Title}");
            if (results.Count == 0)
            {
                output.WriteLine(report.AllowsEmpty
                    ? $"ok {++number} - nothing to check # SKIP --allow-empty"
                    : $"not ok {++number} - nothing to check");
            }
            foreach (var r in results)
            {
                output.WriteLine($"{(r.Ok ? "ok" : "not ok")} {++number} - {Description(r.Name)} {r.WantText}");
                if (r.Ok) continue;
                // A JSON string is also a YAML string.
                output.WriteLine($"  ---\n  want: {Words.Value(r.Expected)}\n  "
                    + $"got: {Words.ValueOrUndecided(r.Got)}\n  because: "
                    + $"{Quoted(r.Because)}\n  at: {Quoted(WhyText.At(r.Position))}\n  ...");
            }
        }
        if (report.ControlFailure is { } failure) output.WriteLine($"Bail out! {failure}");
    }

    /// <summary>
    /// Writes a suite for each file and step, and a case for each assertion. An undecided result is an error, not a
    /// failure.
    /// </summary>
    public static void WriteJUnit(Printer output, TestReport report)
    {
        using var xml = JUnit.Writer(output);
        xml.WriteStartElement("testsuites");
        foreach (var (tested, results) in report.Cases)
        {
            var nothing = results.Count == 0 && !report.AllowsEmpty ? 1 : 0;
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", Visible.Line(tested.Title));
            xml.WriteAttributeString("tests", Number(results.Count + nothing));
            xml.WriteAttributeString(
                "failures", Number(results.Count(r => r is { Ok: false, Got: not null }) + nothing));
            xml.WriteAttributeString("errors", Number(results.Count(r => r.Got is null)));
            if (nothing > 0)
                JUnit.Case(xml, tested.Title, "flows", ("failure", "nothing to check", "nothing to check"));
            foreach (var r in results)
            {
                JUnit.Case(xml, tested.Title, r.Name, r.Ok ? null : (r.Got is null ? "error" : "failure",
                    $"want {Words.Verdict(r.Expected)} got {Words.VerdictOrUnknown(r.Got)}",
                    $"{Visible.Line(r.Because)}\nasked at {Visible.Line(WhyText.At(r.Position))}"));
            }
            xml.WriteEndElement();
        }
        if (report.ControlFailure is { } failure)
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "controls");
            xml.WriteAttributeString("tests", "1");
            xml.WriteAttributeString("failures", "0");
            xml.WriteAttributeString("errors", "1");
            JUnit.Case(xml, "dataplane", "controls", ("error", failure, failure));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.Flush();
        output.WriteLine();
    }

    /// <summary>Without what a reader of TAP would take for a directive, such as <c># SKIP</c>.</summary>
    private static string Description(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("#", "\\#", StringComparison.Ordinal);

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JsonTexts.WriterOptions.Encoder)}\"";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
