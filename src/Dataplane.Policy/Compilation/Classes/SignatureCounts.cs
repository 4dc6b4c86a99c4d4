using System.Runtime.InteropServices;

namespace Dataplane.Policy.Compilation.Classes;

/// <summary>Counts the different signatures that contain a tag.</summary>
internal sealed class SignatureCounts
{
    private readonly Dictionary<int[], int> _cells = new(SignatureComparer.Instance);
    private readonly Dictionary<int, int> _withTag = [];

    /// <summary>Sets with a tag whose count has changed. The caller clears it.</summary>
    public HashSet<SetId> ChangedSets { get; } = [];

    public int With(SetId set, TagKind kind) => _withTag.GetValueOrDefault(Tag.Of(set, kind));

    /// <summary>
    /// Replaces the signature of a cell. If no other cell has either signature, the cost depends on the number of tags
    /// that differ.
    /// </summary>
    /// <param name="before">Null: the cell is new.</param>
    /// <param name="after">Null: the cell no longer exists.</param>
    public void Change(int[]? before, int[]? after)
    {
        if (before is not null && after is not null && before.AsSpan().SequenceEqual(after)) return;
        var hasCome = after is not null && CollectionsMarshal.GetValueRefOrAddDefault(_cells, after, out _)++ == 0;
        var isGone = before is not null && --CollectionsMarshal.GetValueRefOrNullRef(_cells, before) == 0
            && _cells.Remove(before);
        ReadOnlySpan<int> less = isGone ? before : [], more = hasCome ? after : [];
        // Both are sorted: common tags are skipped.
        while (!less.IsEmpty && !more.IsEmpty)
        {
            var (left, right) = (less[0], more[0]);
            if (left < right) Count(left, -1);
            else if (left > right) Count(right, 1);
            if (left <= right) less = less[1..];
            if (left >= right) more = more[1..];
        }
        foreach (var tag in less) Count(tag, -1);
        foreach (var tag in more) Count(tag, 1);
    }

    private void Count(int tag, int by)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_withTag, tag, out _);
        count += by;
        if (count == 0) _withTag.Remove(tag);
        ChangedSets.Add(Tag.Set(tag));
    }
}
