using Dataplane.Linux.Frames;

namespace Dataplane.Node.Observation;

/// <summary>A captured frame whose fate may not be known yet.</summary>
internal sealed class CapturedPacket(byte[] frame, int length, long timestamp, bool isSent)
{
    public byte[] Frame { get; } = frame;

    /// <summary>Of the whole frame.</summary>
    public int Length { get; } = length;

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public long Timestamp { get; } = timestamp;

    /// <summary>The pod sent it; else it was delivered to the pod.</summary>
    public bool IsSent { get; } = isSent;

    /// <summary>What became of it; null while nobody has said.</summary>
    public string? Fate { get; set; }
}

/// <summary>
/// Frames that a pod has sent, until somebody says what became of them: they are seen again when they leave the node on
/// the other side, or in the drop log. Two equal packets are told apart by their order.
/// </summary>
internal sealed class SentFrames
{
    private readonly Dictionary<int, Queue<CapturedPacket>> _waiting = [];

    public void Add(CapturedPacket packet)
    {
        if (Key(Payload(packet.Frame)) is not { } key) return;
        if (!_waiting.TryGetValue(key, out var equals)) _waiting[key] = equals = [];
        equals.Enqueue(packet);
    }

    /// <param name="ip">From the network header on.</param>
    public void Settle(ReadOnlySpan<byte> ip, string fate)
    {
        if (Key(ip) is not { } key || !_waiting.TryGetValue(key, out var equals)) return;
        equals.Dequeue().Fate = fate;
        if (equals.Count == 0) _waiting.Remove(key);
    }

    /// <summary>It will not be waited for any longer.</summary>
    public void Forget(CapturedPacket packet)
    {
        if (Key(Payload(packet.Frame)) is not { } key || !_waiting.TryGetValue(key, out var equals)
            || equals.Peek() != packet)
        {
            return;
        }
        equals.Dequeue();
        if (equals.Count == 0) _waiting.Remove(key);
    }

    /// <summary>The IP packet in a frame; empty for what is none.</summary>
    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> frame) =>
        EthernetView.TryParse(frame, out var ethernet) && ethernet.TagCount == 0 && ethernet.TryReadIp(out _)
            ? ethernet.Payload : default;

    /// <summary>
    /// All that routing leaves as it is: no hop limit, no header checksum, and only as much as every witness keeps.
    /// </summary>
    private static int? Key(ReadOnlySpan<byte> ip)
    {
        if (!IpView.TryParse(ip, out var view)) return null;
        var hash = new HashCode();
        hash.AddBytes(ip[..(view.IsIPv6 ? 7 : 8)]);
        hash.AddBytes(ip[(view.IsIPv6 ? 8 : 12)..Math.Min(ip.Length, PodCapture.KeyLength)]);
        return hash.ToHashCode();
    }
}
