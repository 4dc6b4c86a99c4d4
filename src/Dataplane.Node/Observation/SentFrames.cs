using Dataplane.Linux.Frames;

namespace Dataplane.Node.Observation;

/// <summary>A captured frame. Its verdict may not be known yet.</summary>
internal sealed class CapturedPacket(byte[] frame, int length, long timestamp, bool isSent)
{
    public byte[] Frame { get; } = frame;

    /// <summary>Length of the whole frame in bytes.</summary>
    public int Length { get; } = length;

    /// <summary>Nanoseconds since the Unix epoch.</summary>
    public long Timestamp { get; } = timestamp;

    /// <summary>Whether the pod sent the frame; otherwise it was delivered to the pod.</summary>
    public bool IsSent { get; } = isSent;

    /// <summary>The verdict as text; null while it is not known.</summary>
    public string? Verdict { get; set; }
}

/// <summary>
/// Frames that a pod has sent and whose verdict is not known yet. It becomes known when the frame leaves the node at
/// another port, or from the drop log. Equal packets are told apart by their order.
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

    /// <param name="ip">The packet from its network header on.</param>
    public void Settle(ReadOnlySpan<byte> ip, string verdict)
    {
        if (Key(ip) is not { } key || !_waiting.TryGetValue(key, out var equals)) return;
        equals.Dequeue().Verdict = verdict;
        if (equals.Count == 0) _waiting.Remove(key);
    }

    /// <summary>Removes a frame whose verdict is no longer awaited.</summary>
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

    /// <summary>The IP packet in a frame; empty if the frame has none.</summary>
    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> frame) =>
        EthernetView.TryParse(frame, out var ethernet) && ethernet.TagCount == 0 && ethernet.TryReadIp(out _)
            ? ethernet.Payload : default;

    /// <summary>
    /// A hash of the bytes that routing leaves unchanged: without hop limit and header checksum, and at most
    /// <see cref="PodCapture.KeyLength"/> bytes, which both the capture and the drop log keep.
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
