namespace Dataplane.Linux.Nftables;

/// <summary>Receives the elements of one set, one after another. Spans are valid during the call only.</summary>
public interface INftElementSink
{
    /// <summary>
    /// One element. A map's element has data; a range of a concatenated interval set has an end, included.
    /// </summary>
    void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd = default,
        scoped ReadOnlySpan<byte> data = default, scoped ReadOnlySpan<char> comment = default);

    /// <summary>A range of a plain interval set, both ends included.</summary>
    void Range(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> last, scoped ReadOnlySpan<byte> data);
}
