using System.Buffers.Binary;
using Dataplane.Dns.Messages;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Forwarding;

/// <summary>
/// What another server answered, for a client of ours. Its records are written anew, so that a damaged message goes no
/// further than here.
/// </summary>
internal static class UpstreamAnswer
{
    private const int Question = DnsQuery.HeaderBytes;

    /// <summary>Whether the message answers the question that was sent: number, question and all.</summary>
    /// <param name="asked">Header and question, and what stands behind them.</param>
    public static bool Fits(ReadOnlySpan<byte> asked, int questionEnd, ReadOnlySpan<byte> message) =>
        message.Length >= questionEnd && message[..2].SequenceEqual(asked[..2])
        // An answer to a query, to one question.
        && (message[2] & 0xf8) == 0x80 && message[4..6].SequenceEqual(asked[4..6])
        && message[Question..questionEnd].SequenceEqual(asked[Question..questionEnd]);

    public static bool IsTruncated(ReadOnlySpan<byte> message) => (message[2] & 0x02) != 0;

    /// <summary>Writes the answer for the client.</summary>
    /// <param name="questionEnd">Where the question of <paramref name="message"/> ends.</param>
    /// <param name="alias">The name of elsewhere that the client's name stands for; null: they are the same.</param>
    /// <returns>Its length; 0: the message is damaged.</returns>
    public static int Write(in DnsQuery query, byte[]? alias, ReadOnlySpan<byte> message, int questionEnd,
        Span<byte> into, int limit)
    {
        var reply = new ReplyWriter(query, into, limit) { OffersRecursion = true };
        if (alias is not null && reply.TryWrite(Question, (int)RecordKind.Cname, Zones.RecordData.Ttl, alias))
            reply.Count(0, 1);
        var at = questionEnd;
        Span<byte> owner = stackalloc byte[WireName.Longest];
        // What others add is left out: nothing depends on it, and OPT is between neighbours only.
        for (var section = 0; section < 2; section++)
        {
            var records = BinaryPrimitives.ReadUInt16BigEndian(message[(6 + (2 * section))..]);
            for (var i = 0; i < records; i++)
            {
                var record = new WireRecord(message, at);
                var name = WireName.Expand(message, at, owner);
                if (record.End == 0 || name == 0) return 0;
                if (record.Class == 1)
                {
                    var data = ForwardedData.Read(message, record);
                    if (data is null) return 0;
                    if (!reply.TryWrite(owner[..name], record.Type, record.Ttl, data))
                    {
                        reply.Truncate(query.Message.Length);
                        return reply.Finish(ResponseCode.NoError);
                    }
                    reply.Count(section, 1);
                }
                at = record.End;
            }
        }
        return reply.Finish((ResponseCode)(message[3] & 0x0f));
    }
}
