using Dataplane.Linux.Nftables;
using Dataplane.Rules.Changes;
using Dataplane.Rules.Nftables.Model;
using Dataplane.Rules.Nftables.Parts;

namespace Dataplane.Rules.Nftables;

/// <summary>Keeps elements as objects, for text and for tests.</summary>
internal readonly struct ElementModel() : INftElementSink
{
    private readonly List<NftElement> _elements = [];

    public static IReadOnlyCollection<NftElement> Of(ElementSource source, RulesetChange whole)
    {
        var model = new ElementModel();
        source.Write(whole, added: true, ref model);
        return model._elements;
    }

    public void Element(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> keyEnd, scoped ReadOnlySpan<byte> data,
        scoped ReadOnlySpan<char> comment) => _elements.Add(
            new NftElement(key.ToArray(), OrNull(keyEnd), OrNull(data), comment.IsEmpty ? null : comment.ToString()));

    public void Range(scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> last,
        scoped ReadOnlySpan<byte> data) =>
        _elements.Add(new NftElement(first.ToArray(), last.ToArray(), data.ToArray()));

    private static byte[]? OrNull(scoped ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? null : bytes.ToArray();
}
