namespace Dataplane.Policy.Compilation;

/// <summary>How many different signatures there are with each tag.</summary>
internal sealed class SignatureCounts
{
    private readonly Dictionary<int[], int> _cells = new(SignatureComparer.Instance);
    private readonly Dictionary<int, int> _withTag = [];

    /// <summary>Sets of which more or fewer signatures have a tag, until somebody clears it.</summary>
    public HashSet<int> ChangedSets { get; } = [];

    public int With(int set, TagKind kind) => _withTag.GetValueOrDefault(Tag.Of(set, kind));

    public void Enter(int[] signature)
    {
        ref var cells = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_cells, signature, out _);
        if (cells++ == 0) Count(signature, 1);
    }

    public void Leave(int[] signature)
    {
        if (--_cells[signature] > 0 || !_cells.Remove(signature)) return;
        Count(signature, -1);
    }

    private void Count(int[] signature, int by)
    {
        foreach (var tag in signature)
        {
            ref var count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_withTag, tag, out _);
            count += by;
            if (count == 0) _withTag.Remove(tag);
            ChangedSets.Add(Tag.Set(tag));
        }
    }
}
