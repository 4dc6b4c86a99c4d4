using System.Diagnostics;

namespace Dataplane.Dns.Serving;

/// <summary>
/// How many messages of one source are looked at: what it sends beyond that costs one count. A table of fixed size, in
/// which two sources may share a place; which ones, nobody can know.
/// </summary>
/// <param name="perSecond">Of one source, in tenths: each tenth of a second has its own.</param>
internal sealed class SourceLimit(int perSecond)
{
    private const int Places = 1 << 16;

    private static readonly long WindowTicks = Stopwatch.Frequency / 10;

    private readonly int _perWindow = Math.Max(1, perSecond / 10);

    /// <summary>The number of the tenth, and how many came in it. Threads that count at once may lose a few.</summary>
    private readonly (int Window, int Count)[] _counts = new (int, int)[Places];

    /// <param name="address">Four or sixteen bytes.</param>
    public bool Allows(ReadOnlySpan<byte> address)
    {
        var hash = new HashCode();
        hash.AddBytes(address);
        ref var count = ref _counts[hash.ToHashCode() & (Places - 1)];
        var window = (int)(Stopwatch.GetTimestamp() / WindowTicks);
        if (count.Window != window) count = (window, 0);
        return ++count.Count <= _perWindow;
    }
}
