using System.Globalization;
using Dataplane.Cli.Output;
using Dataplane.Cli.Terminal;
using Dataplane.Cli.Why;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Read;

/// <summary>
/// Prints <c>read</c> as text: a line for each packet as it is read, then a line for each flow and the sums.
/// </summary>
internal sealed class ReadTable(Printer output, Ansi colours, bool judges)
{
    /// <summary>
    /// Fixed widths of the columns, because each line is printed at once; a longer value moves the following columns.
    /// </summary>
    private const int Ends = 28, What = 14, Verdict = 7;

    private int _packets, _apart;

    public void WriteHeader()
    {
        Row("TIME", "SOURCE", "DESTINATION", "PROTO", "WHAT", "VERDICT", judges ? "POLICY (file:line)" : "");
    }

    public void Write(PacketRecord packet)
    {
        _packets++;
        if (packet.Flow is null) _apart++;
        var facts = packet.Facts;
        var verdict = packet.Flow?.Verdict;
        var time = packet.Time.ToLocalTime().ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        var (from, to) = (Place.Of(packet.From, facts.SourcePort), Place.Of(packet.To, facts.Port));
        Row(time, from, to, facts.Protocol, facts.What, Word(verdict), Why(packet));
    }

    public void WriteSums(FlowBook book)
    {
        List<FlowSum> flows = [.. book.Flows];
        if (flows.Count > 0) WriteFlows(flows);
        var sums = $"{Words.Count(_packets, "packet")}, {Words.Count(flows.Count, "flow")}";
        var judged = flows.Where(f => f.Verdict is not null).ToLookup(f => f.Verdict!.Allowed);
        if (judged.Count > 0) sums += $": {judged[true].Count()} allowed, {judged[false].Count()} denied";
        if (_apart > 0) sums += $"; {Words.Count(_apart, "packet")} of no flow";
        output.WriteLine($"\n{sums}");
    }

    private void WriteFlows(List<FlowSum> flows)
    {
        string[] header = ["FLOW FROM", "TO", "PORT", "FAMILY", "PACKETS", "REPLIES", "BYTES"];
        var columns = new Columns();
        columns.Add([.. header, .. judges ? (string[])["VERDICT", "WHY"] : []]);
        foreach (var flow in flows)
        {
            string[] facts =
            [
                flow.From, flow.To, flow.Probe.ToString(), flow.Family.Text(),
                Number(flow.Packets), Number(flow.Replies), Number(flow.Bytes),
            ];
            Painted[] verdict = judges ? [Word(flow.Verdict), flow.Verdict?.Reason ?? flow.NotJudged ?? ""] : [];
            columns.Add([.. facts, .. verdict]);
        }
        output.WriteLine();
        columns.WriteTo(output);
    }

    private string Why(PacketRecord packet)
    {
        var reply = packet.IsReply ? "reply  " : "";
        if (!judges) return reply.TrimEnd();
        return packet.Flow?.Verdict is { Policy: { } name, At: { } at }
            ? $"{reply}{name}  {WhyText.At(at)}"
            : $"{reply}{packet.Flow?.NotJudged}".TrimEnd();
    }

    private void Row(
        string time, string from, string to, string protocol, string what, Painted verdict, string why)
    {
        var row = judges ? new Columns(15, Ends, Ends, 6, What, Verdict) : new Columns(15, Ends, Ends, 6, What);
        row.Add([time, from, to, protocol, what, .. judges ? (Painted[])[verdict] : [], why]);
        row.WriteTo(output);
    }

    private Painted Word(FlowVerdict? verdict) =>
        verdict is null ? "" : verdict.Allowed ? colours.Green(Words.Verdict(true)) : colours.Red(Words.Verdict(false));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
