using Dataplane.Dns.Messages;
using Dataplane.Dns.Zones;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Answers;

/// <summary>The addresses of the names that SRV records lead to, as far as they fit (RFC 2782).</summary>
internal static class Additional
{
    /// <summary>Targets whose addresses are added.</summary>
    public const int Most = 64;

    /// <param name="first">The index of the record that was written first.</param>
    /// <param name="places">Where the data of the records stands in the answer, in the order in which they were
    /// written.</param>
    public static void Write(Zone names, RecordSet services, int first, scoped ReadOnlySpan<int> places,
        ref ReplyWriter reply)
    {
        for (var i = 0; i < Math.Min(services.Data.Length, Most); i++)
        {
            // A pointer reaches no further.
            var place = places[i] + RecordData.TargetOfService;
            if (place > 0x3fff) return;
            var index = (first + i) % services.Data.Length;
            var target = services.Data[index].AsSpan(RecordData.TargetOfService);
            if (WasWritten(services, first, i, target) || names.Find(target) is not { } node) continue;
            foreach (var set in node.Sets.Where(s => s.Kind is RecordKind.A or RecordKind.Aaaa))
            {
                foreach (var address in set.Data)
                {
                    if (!reply.TryWrite(place, (int)set.Kind, RecordData.Ttl, address)) return;
                    reply.Count(2, 1);
                }
            }
        }
    }

    /// <summary>Whether one of the records before has the same target.</summary>
    private static bool WasWritten(RecordSet services, int first, int until, ReadOnlySpan<byte> target)
    {
        for (var i = 0; i < until; i++)
        {
            var before = services.Data[(first + i) % services.Data.Length];
            if (before.AsSpan(RecordData.TargetOfService).SequenceEqual(target)) return true;
        }
        return false;
    }
}
