using System.Buffers.Binary;
using System.Text;
using Dataplane.Dns.Messages;
using Dataplane.Services.Names;

namespace Dataplane.Dns.Zones;

/// <summary>The data of records as messages have it, without pointers (RFC 1035 3.3, RFC 2782).</summary>
internal static class RecordData
{
    /// <summary>Seconds for which an answer is good, and for which none is: what CoreDNS gives.</summary>
    public const uint Ttl = 5;

    /// <summary>Where in SRV the target begins: behind priority, weight and port.</summary>
    public const int TargetOfService = 6;

    /// <exception cref="FormatException">A name that cannot be one.</exception>
    public static byte[] Of(NameRecord record) => record.Kind switch
    {
        RecordKind.A or RecordKind.Aaaa => record.Address!.GetAddressBytes(),
        RecordKind.Txt => [(byte)record.Target!.Length, .. Encoding.ASCII.GetBytes(record.Target)],
        // Priority 0, weight 100: all alike.
        RecordKind.Srv =>
            [0, 0, 0, 100, (byte)(record.Port >> 8), (byte)record.Port, .. WireName.Parse(record.Target!)],
        _ => WireName.Parse(record.Target!),
    };

    /// <summary>SOA, whose last number is how long an absence is good (RFC 2308).</summary>
    public static byte[] OfAuthority(uint serial)
    {
        byte[] names = [.. WireName.Parse(ServiceRecords.NameServerName),
            .. WireName.Parse($"hostmaster.{ServiceRecords.Domain}")];
        var data = new byte[names.Length + 20];
        names.CopyTo(data, 0);
        foreach (var (index, number) in ((uint[])[serial, 7200, 1800, 86400, Ttl]).Index())
            BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(names.Length + (4 * index)), number);
        return data;
    }
}
