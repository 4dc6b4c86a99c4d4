using System.Text.Json;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Verification;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Read;

/// <summary>Writes <c>read -o json</c> packet by packet, because a file may have millions.</summary>
internal static class ReadJson
{
    /// <summary>Largest number of buffered bytes in the writer.</summary>
    private const int MostPending = 1 << 16;

    public static void Write(Utf8JsonWriter json, IEnumerable<PacketRecord> packets, FlowBook flows)
    {
        json.WriteStartObject();
        json.WriteStartArray("packets");
        foreach (var packet in packets)
        {
            Write(json, packet);
            if (json.BytesPending > MostPending) json.Flush();
        }
        json.WriteEndArray();
        json.WriteStartArray("flows");
        foreach (var flow in flows.Flows) Write(json, flow);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PacketRecord packet)
    {
        var facts = packet.Facts;
        json.WriteStartObject();
        json.WriteString("time", packet.TimeText);
        json.WriteString("from", packet.From);
        json.WriteString("to", packet.To);
        json.WriteString("protocol", facts.Protocol);
        json.WriteNumber("sourcePort", facts.SourcePort);
        json.WriteNumber("port", facts.Port);
        if (facts.From is { } source) json.WriteString("family", source.Family.Text());
        json.WriteNumber("length", packet.Length);
        if (facts.What.Length > 0) json.WriteString("what", facts.What);
        if (packet.IsReply) json.WriteBoolean("reply", true);
        Write(json, packet.Flow?.Verdict);
        if (facts.Layers.Count > 0)
        {
            json.WriteStartArray("layers");
            foreach (var layer in facts.Layers) json.WriteStringValue(layer);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FlowSum flow)
    {
        json.WriteStartObject();
        json.WriteString("from", flow.From);
        json.WriteString("to", flow.To);
        json.WriteString("protocol", flow.Probe.Protocol.Text());
        json.WriteNumber("port", flow.Probe.Port);
        json.WriteString("family", flow.Family.Text());
        json.WriteNumber("packets", flow.Packets);
        json.WriteNumber("replies", flow.Replies);
        json.WriteNumber("bytes", flow.Bytes);
        Write(json, flow.Verdict);
        if (flow.Verdict?.Reason is { } reason) json.WriteString("reason", reason);
        else if (flow.NotJudged is { } why) json.WriteString("reason", why);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FlowVerdict? verdict)
    {
        if (verdict is null) return;
        json.WriteString("verdict", Words.Value(verdict.Allowed));
        if (verdict is not { Policy: { } policy, At: { } at }) return;
        json.WriteString("policy", policy);
        json.WriteString("file", at.File);
        json.WriteNumber("line", at.Line);
    }
}
