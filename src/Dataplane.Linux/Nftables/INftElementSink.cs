namespace Dataplane.Linux.Nftables;

/// <summary>Takes the elements of one set, one after another. What it is given is gone when the call returns.</summary>
public interface INftElementSink
{
    /// <summary>One element. A map's element has data; a range of a concatenated interval set has an end, included.</summary>
    void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd = default, scoped ReadOnlySpan<byte> data = default, scoped ReadOnlySpan<char> comment = default);

    /// <summary>A range of a plain interval set, both ends included.</summary>
    void Range(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> last, scoped ReadOnlySpan<byte> data);
}
