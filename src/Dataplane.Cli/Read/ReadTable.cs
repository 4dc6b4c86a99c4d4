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
internal sealed class ReadTable(TextWriter output, Ansi colours, bool judges)
{
    /// <summary>
    /// Fixed widths of the columns, because each line is printed at once; a longer value moves the following columns.
    /// </summary>
    private const int Ends = 28, What = 14, Verdict = 7;

    private int _packets, _apart;

    public void WriteHeader()
    {
        var verdict = judges ? "VERDICT" : "";
        Row("TIME", "SOURCE", "DESTINATION", "PROTO", "WHAT", verdict, verdict, judges ? "POLICY (file:line)" : "");
    }

    public void Write(PacketRecord packet)
    {
        _packets++;
        if (packet.Flow is null) _apart++;
        var facts = packet.Facts;
        var verdict = packet.Flow?.Verdict;
        var word = Word(verdict);
        var time = packet.Time.ToLocalTime().ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
        var (from, to) = (Place.Of(packet.From, facts.SourcePort), Place.Of(packet.To, facts.Port));
        Row(time, from, to, facts.Protocol, facts.What, word, Painted(verdict, word), Why(packet));
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
            var word = Word(flow.Verdict);
            (string, string)[] verdict =
                judges ? [(word, Painted(flow.Verdict, word)), Same(flow.Verdict?.Reason ?? flow.NotJudged ?? "")] : [];
            columns.AddPainted([.. facts.Select(Same), .. verdict]);
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
        string time, string from, string to, string protocol, string what, string verdict, string painted, string why)
    {
        var judged = judges ? $"{painted}{new string(' ', Math.Max(0, Verdict - verdict.Length))}  {why}" : why;
        var line = $"{time,-15}  {from,-Ends}  {to,-Ends}  {protocol,-6}  {what,-What}  {judged}";
        output.WriteLine(line.TrimEnd());
    }

    private static string Word(FlowVerdict? verdict) => verdict is null ? "" : Words.Verdict(verdict.Allowed);

    private string Painted(FlowVerdict? verdict, string word) =>
        verdict is null ? word : verdict.Allowed ? colours.Green(word) : colours.Red(word);

    private static (string, string) Same(string text) => (text, text);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
