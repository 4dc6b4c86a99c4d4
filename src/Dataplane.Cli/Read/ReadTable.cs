using System.Globalization;
using Dataplane.Policy;

namespace Dataplane.Cli.Read;

/// <summary><c>read</c> for people: a line a packet, as they are read, then a line a flow and the sums.</summary>
internal sealed class ReadTable(TextWriter output, Ansi colours, bool judges)
{
    /// <summary>Widths of columns whose lines come one by one; what is longer pushes the rest.</summary>
    private const int Ends = 28, What = 14;

    private int _packets, _apart;

    public void WriteHeader() => Row("TIME", "SOURCE", "DESTINATION", "PROTO", "WHAT", "VERDICT", "VERDICT", "POLICY (file:line)");

    public void Write(PacketRecord packet)
    {
        _packets++;
        if (packet.Flow is null) _apart++;
        var facts = packet.Facts;
        var verdict = packet.Flow?.Verdict;
        var word = verdict is null ? "" : Words.Verdict(verdict.Allowed);
        Row(packet.Time.ToLocalTime().ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture), Place.Of(packet.From, facts.SourcePort), Place.Of(packet.To, facts.Port),
            facts.Protocol, facts.What, word, Painted(verdict, word), Why(packet));
    }

    public void WriteSums(FlowBook book)
    {
        List<FlowSum> flows = [.. book.Flows];
        if (flows.Count > 0) output.WriteLine();
        var columns = new Columns();
        if (flows.Count > 0) columns.Add(["FLOW FROM", "TO", "PORT", "FAMILY", "PACKETS", "REPLIES", "BYTES", .. judges ? (string[])["VERDICT", "WHY"] : []]);
        foreach (var flow in flows)
        {
            var word = flow.Verdict is { } verdict ? Words.Verdict(verdict.Allowed) : "";
            columns.AddPainted([.. new[] { flow.From, flow.To, flow.Probe.ToString(), flow.Family.Text(), Number(flow.Packets), Number(flow.Replies), Number(flow.Bytes) }
                .Select(c => (c, c)), .. judges ? [(word, Painted(flow.Verdict, word)), Same(flow.Verdict?.Reason ?? flow.NotJudged ?? "")] : Array.Empty<(string, string)>()]);
        }
        columns.WriteTo(output);
        var judged = flows.Count(f => f.Verdict is not null);
        var verdicts = judged == 0 ? "" : $": {flows.Count(f => f.Verdict is { Allowed: true })} allowed, {flows.Count(f => f.Verdict is { Allowed: false })} denied";
        output.WriteLine($"\n{Words.Count(_packets, "packet")}, {Words.Count(flows.Count, "flow")}{verdicts}{(_apart == 0 ? "" : $"; {Words.Count(_apart, "packet")} of no flow")}");
    }

    private string Why(PacketRecord packet)
    {
        if (!judges) return packet.IsReply ? "reply" : "";
        var policy = packet.Flow?.Verdict is { Policy: { } name, At: { } at } ? $"{name}  {WhyText.At(at)}" : packet.Flow?.NotJudged ?? "";
        return packet.IsReply ? $"reply  {policy}".TrimEnd() : policy;
    }

    private void Row(string time, string from, string to, string protocol, string what, string verdict, string painted, string why)
    {
        var judged = judges ? $"{painted}{new string(' ', Math.Max(0, 7 - verdict.Length))}  " : "";
        output.WriteLine($"{time,-15}  {from.PadRight(Ends)}  {to.PadRight(Ends)}  {protocol,-6}  {what,-What}  {judged}{(judges || verdict.Length == 0 ? why : "")}".TrimEnd());
    }

    private string Painted(FlowVerdict? verdict, string word) => verdict is null ? word : verdict.Allowed ? colours.Green(word) : colours.Red(word);

    private static (string, string) Same(string text) => (text, text);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
