using System.Buffers.Binary;
using System.Text;
using Dataplane.Dns.Answers;
using Dataplane.Dns.Zones;

namespace Dataplane.Dns.Tests;

/// <summary>Questions, and what a zone answers them.</summary>
internal static class Asked
{
    public const int A = 1, Ns = 2, Cname = 5, Soa = 6, Ptr = 12, Mx = 15, Txt = 16, Aaaa = 28, Srv = 33, Any = 255;

    /// <param name="edns">The payload size of an OPT; null: none.</param>
    public static byte[] Query(string name, int type, int? edns = null, int version = 0, int @class = 1, int flags = 1)
    {
        var message = new List<byte>
        {
            0x12, 0x34, (byte)flags, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(edns is null ? 0 : 1),
        };
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.Latin1.GetBytes(label));
        }
        message.AddRange([0, (byte)(type >> 8), (byte)type, (byte)(@class >> 8), (byte)@class]);
        if (edns is { } size)
            message.AddRange([0, 0, 41, (byte)(size >> 8), (byte)size, 0, (byte)version, 0x80, 0, 0, 0]);
        return [.. message];
    }

    public static Decoded Of(Zone zone, string name, int type, uint turn = 0) =>
        Of(zone, Query(name, type, 1232), turn: turn)!;

    /// <returns>Null: there is no answer.</returns>
    public static Decoded? Of(Zone? zone, byte[] message, bool isUdp = true, uint turn = 0)
    {
        var into = new byte[ushort.MaxValue];
        var outcome = new Answerer(() => zone, forwards: false).Answer(message, into, isUdp, turn);
        if (outcome.Disposition == Disposition.Silence) return null;
        Assert.Equal(Disposition.Reply, outcome.Disposition);
        var answer = new Decoded(into.AsSpan(0, outcome.Length));
        Assert.Equal(BinaryPrimitives.ReadUInt16BigEndian(message), answer.Id);
        return answer;
    }
}
