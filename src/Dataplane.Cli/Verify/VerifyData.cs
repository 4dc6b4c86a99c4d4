using System.Globalization;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Test;
using Dataplane.Cli.Why;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Verify;

/// <summary>Writes a verification as JSON or JUnit XML.</summary>
internal static class VerifyData
{
    public static VerifyDocument ToDocument(Cluster cluster, VerifyReport report) => new(
        [.. report.Flows.Select(f => new FlowDocument(
            f.Flow.From.Name, f.Flow.To.Name, f.Flow.Probe.Protocol.Text(), f.Flow.Probe.Port, f.Flow.Family.Text(),
            Words.Value(f.Expected), f.Measured.Text(), f.Evidence.Text(), FlowReasons.Of(cluster, f)))
            .Concat(report.Services.Select(ServiceDocument))],
        new SummaryDocument(
            report.Count,
            report.Agree,
            report.Disagree,
            report.Undecided,
            (long)Math.Ceiling(report.Timings.Total.TotalMilliseconds)),
        new TimingsDocument(
            Milliseconds(report.Timings.Attach),
            Milliseconds(report.Timings.Program),
            Milliseconds(report.Timings.Probe)),
        report.ControlFailure,
        report.Sample is { } sample
            ? new SampleDocument(sample.Flows.Count, sample.Of, sample.Seed, sample.Decisions, sample.Covered)
            : null);

    /// <summary>
    /// Writes one test case for each flow, in the layout that CI servers read. An undecided flow is an error, not a
    /// failure.
    /// </summary>
    /// <param name="nothing">Why a run without a flow fails; null: it does not.</param>
    public static void WriteJUnit(Printer output, Cluster cluster, VerifyReport report, string? nothing)
    {
        // A node is made, and controls are sent, only where there are flows.
        var controls = report.Count > 0 || report.ControlFailure is not null ? 1 : 0;
        using var xml = JUnit.Writer(output);
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", "dataplane verify");
        xml.WriteAttributeString("tests", Number(report.Count + controls + (nothing is null ? 0 : 1)));
        xml.WriteAttributeString("failures", Number(report.Disagree + (nothing is null ? 0 : 1)));
        xml.WriteAttributeString("errors", Number(report.Undecided + (report.ControlFailure is null ? 0 : 1)));
        xml.WriteAttributeString(
            "time", report.Timings.Total.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        if (controls > 0)
        {
            JUnit.Case(xml, "dataplane", "controls",
                report.ControlFailure is { } failure ? ("error", failure, failure) : null);
        }
        if (nothing is not null) JUnit.Case(xml, "dataplane", "flows", ("failure", nothing, nothing));
        foreach (var f in report.Flows)
        {
            JUnit.Case(
                xml,
                ClassName(f.Flow.From),
                Name(f.Flow),
                f.Agrees ? null : (f.Measured == Measured.Undecided ? "error" : "failure",
                $"want {Words.Verdict(f.Expected)} got {Words.Verdict(f.Measured)}", FlowReasons.Of(cluster, f)));
        }
        foreach (var service in report.Services)
        {
            JUnit.Case(xml, "service", ServiceSentences.Title(service), service.Agrees ? null
                : (service.Measured == Measured.Undecided ? "error" : "failure",
                    $"want {Words.Verdict(service.Expected)} got {Words.Verdict(service.Measured)}",
                    ServiceSentences.Kernel(service)));
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.Flush();
        output.WriteLine();
    }

    private static FlowDocument ServiceDocument(ServiceResult service) => new(
        service.From, $"service:{service.Service}", service.Probe.Protocol.Text(), service.Probe.Port,
        service.Family.Text(), service.Expected.Text(), service.Measured.Text(), service.Evidence.Text(),
        ServiceSentences.Kernel(service))
    {
        Backend = service.Backend,
        Frontend = service.Frontend,
    };

    private static string ClassName(Endpoint from) => from is PodEndpoint pod ? pod.Pod.Namespace : "outside";

    private static string Name(Flow flow) =>
        $"{(flow.From is PodEndpoint pod ? pod.Pod.Name : flow.From.Name)} -> {flow.To.Name} "
            + $"{flow.Probe} {flow.Family.Text()}";

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
