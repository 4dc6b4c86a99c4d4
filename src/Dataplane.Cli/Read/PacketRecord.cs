using System.Globalization;

namespace Dataplane.Cli.Read;

/// <summary>One packet of the output.</summary>
/// <param name="Nanoseconds">Since the Unix epoch.</param>
/// <param name="Length">Length of the whole frame in bytes.</param>
/// <param name="Flow">Null if the packet belongs to no flow.</param>
internal sealed record PacketRecord(
    long Nanoseconds, int Length, FrameFacts Facts, string From, string To, FlowSum? Flow, bool IsReply)
{
    /// <summary>Nanoseconds.</summary>
    private const long Second = 1_000_000_000;

    public static PacketRecord Of(CaptureFile file, FlowBook flows, AddressBook addresses)
    {
        var facts = FrameDecoder.Decode(file.Link, file.Frame);
        var (flow, isReply) = flows.Add(facts, file.Length);
        var from = facts.From is { } source ? addresses.Name(source) : facts.FromLink ?? "?";
        var to = facts.To is { } destination ? addresses.Name(destination) : facts.ToLink ?? "?";
        return new PacketRecord(file.Nanoseconds, file.Length, facts, from, to, flow, isReply);
    }

    /// <summary>Every number of nanoseconds is a valid time between the years 1677 and 2262.</summary>
    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / TimeSpan.NanosecondsPerTick);

    /// <summary>ISO 8601 in UTC with all nine digits.</summary>
    public string TimeText
    {
        get
        {
            // The remainder must not be negative before 1970.
            var fraction = (Nanoseconds % Second + Second) % Second;
            var whole = Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{whole}.{fraction:000000000}Z");
        }
    }
}
